"""Saved records into a PanDA database that this room made: one file per kind of record."""
