"""The tables of the notes."""
