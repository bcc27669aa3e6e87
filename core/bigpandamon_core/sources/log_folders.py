"""Logs that lie in a folder of this host."""

import logging
import os
from pathlib import Path
from stat import S_ISREG
from typing import BinaryIO

logger = logging.getLogger(__name__)


class NotHad(Exception):
    """A file that is not given; the message says why."""


def opened(base: Path, below: str, most_bytes: int) -> BinaryIO:
    """A plain file below a folder, wherever links inside that folder lead.

    Raises:
        NotHad: there is none, it lies outside, is too large or may not be read.
    """
    try:
        root = base.resolve(strict=True)
        path = (root / below).resolve(strict=True)
        if not path.is_relative_to(root):
            raise NotHad("it lies outside the folder of logs")
        opened_as = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        raise NotHad("it is not there") from None
    except (OSError, RuntimeError, ValueError) as error:
        logger.warning("%s below %s: %s", ascii(below), base, error)
        raise NotHad("it cannot be read") from error
    return _plain(opened_as, most_bytes)


def _plain(opened_as: int, most_bytes: int) -> BinaryIO:
    about = os.fstat(opened_as)
    is_file = S_ISREG(about.st_mode)
    if is_file and about.st_size <= most_bytes:
        return os.fdopen(opened_as, "rb")
    os.close(opened_as)
    raise NotHad(f"it is larger than {most_bytes // 1_000_000} MB" if is_file else "it is no plain file")
