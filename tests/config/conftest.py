"""A configuration file in a folder of its own, read in an environment of its own."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bigpandamon_core import config
from bigpandamon_core.config import Configuration, ConfigurationErrors


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the file is; `plugins.d` beside it is empty."""
    (tmp_path / "plugins.d").mkdir()
    return tmp_path


@pytest.fixture
def file(folder: Path) -> Path:
    return folder / "bigpandamon.toml"


@pytest.fixture
def read(file: Path) -> Callable[[str], Configuration]:
    """The configuration that a text gives."""

    def write_and_read(text: str) -> Configuration:
        file.write_text(text, encoding="utf-8")
        return config.load(file, environ={"XDG_STATE_HOME": "/srv/state"})

    return write_and_read


@pytest.fixture
def refused(read: Callable[[str], Configuration]) -> Callable[[str], list[str]]:
    """The mistakes of a text, each as it is told, without the file's name in front."""

    def mistakes(text: str) -> list[str]:
        with pytest.raises(ConfigurationErrors) as caught:
            read(text)
        return [str(mistake).removeprefix(f"{mistake.file}: ") for mistake in caught.value.mistakes]

    return mistakes
