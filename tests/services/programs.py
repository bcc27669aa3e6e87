"""Finding the programs that services are made of."""

import os
import shutil

import pytest

SEARCH = ("/usr/sbin", "/usr/lib/postgresql/16/bin", "/usr/lib/postgresql/15/bin", "/usr/local/sbin")


def program(name: str, package: str) -> str:
    """Path of a program. Missing: the test is skipped, or fails where CI is set; both name the package."""
    found = locate(name)
    if found is None:
        missing(name, package)
    assert found is not None
    return found


def locate(name: str) -> str | None:
    """Path of a program, also where ordinary users do not look; None if it is not installed."""
    return shutil.which(name, path=os.pathsep.join((os.environ.get("PATH", ""), *SEARCH)))


def missing(name: str, package: str) -> None:
    reason = f"{name} is not installed: apt-get install {package}"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
