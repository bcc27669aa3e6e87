"""The key that signs what the monitor hands out: in a file of its own, never in code or configuration."""

import logging
import os
import secrets
import tempfile
from pathlib import Path

from bigpandamon_core.config.files import blocking
from bigpandamon_core.config.mistakes import ConfigurationErrors, Mistake

SHORTEST = 32

log = logging.getLogger(__name__)


def secret_key(path: Path) -> str:
    """The key in the file, which is made if absent. Where it cannot be made, a key for this process only.

    Raises ConfigurationErrors when the file is there and cannot serve.
    """
    try:
        return _read(path)
    except FileNotFoundError:
        pass
    try:
        _create(path)
    except OSError as error:
        log.warning("%s cannot be made (%s): this process signs with a key of its own", path, error.strerror)
        return secrets.token_urlsafe(50)
    return _read(path)


def kept(path: Path) -> str:
    """The key in the file, "" where there is none that can serve. Nothing is made."""
    try:
        return _read(path)
    except (FileNotFoundError, ConfigurationErrors):
        return ""


def refusals(path: Path) -> tuple[Mistake, ...]:
    """What is wrong with a file that is there. An absent one is no mistake: it is made when it is needed."""
    try:
        _read(path)
    except FileNotFoundError:
        return ()
    except ConfigurationErrors as errors:
        return errors.mistakes
    return ()


def _read(path: Path) -> str:
    try:
        key = path.read_text("ascii").strip()
    except FileNotFoundError:
        raise
    except NotADirectoryError:
        raise _without_folder(path) from None
    except (OSError, UnicodeDecodeError) as error:
        found = error.strerror.lower() if isinstance(error, OSError) and error.strerror else "something else"
        raise _refusal(path, found) from None
    if len(key) < SHORTEST:
        raise _refusal(path, f"{len(key)}")
    return key


def _refusal(path: Path, found: str) -> ConfigurationErrors:
    remedy = "remove the file and it is made anew"
    expected = f"a file with a key of at least {SHORTEST} ASCII characters"
    return ConfigurationErrors([Mistake(str(path), "web.secret_key_file", expected, found, remedy)])


def _without_folder(path: Path) -> ConfigurationErrors:
    there = blocking(path)
    remedy = f"move {there} away, or name another folder as paths.state"
    expected = f"{path.parent} to be a folder"
    return ConfigurationErrors(
        [Mistake(str(path), "web.secret_key_file", expected, f"a file {there}", remedy)]
    )


def _create(path: Path) -> None:
    """Written elsewhere and linked into place: of several processes that start together one wins, whole."""
    path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(50) + "\n")
        os.link(name, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(name)
