"""Whoever works at the command line: what is written down of it, and passwords it types."""

import os
import sys
from getpass import getpass

from bigpandamon_core.domain.problems import Problem

LOGINS = ("SUDO_USER", "LOGNAME", "USER")


def name() -> str:
    """As the record of what was done tells it."""
    login = next((os.environ[name] for name in LOGINS if os.environ.get(name)), f"uid {os.getuid()}")
    return f"{login} at the command line"


def password(from_input: bool) -> str:
    """A new password: the first line of the standard input, or typed twice. Never an argument, which others
    on the host can read.

    Raises:
        Problem: there is no terminal to type at, or the two differ.
    """
    if from_input:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise Problem("There is no terminal to ask for a password at.", remedy="Use --password-stdin.")
    typed = getpass("Password: ")
    if getpass("Once more: ") != typed:
        raise Problem("The two differ.", remedy="Try again.")
    return typed
