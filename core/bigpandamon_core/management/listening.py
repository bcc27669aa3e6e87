"""Where a server listens, in a command's arguments."""

from argparse import ArgumentTypeError

from bigpandamon_core.config.rules import LISTENING_PLACE


def place(text: str) -> str:
    """For argparse: what may stand in web.bind."""
    if expected := LISTENING_PLACE.complaint(text):
        raise ArgumentTypeError(f"expected {expected}, found {text}")
    return text
