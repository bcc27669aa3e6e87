"""Reads what HTCondor writes, and sends it to a monitor. Needs nothing beyond Python."""
