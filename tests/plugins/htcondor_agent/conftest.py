"""An agent's configuration and its monitor."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.plugins.htcondor_agent.receiver import TOKEN, Receiver, receiving


@pytest.fixture(scope="session")
def real(shared: Path) -> Path:
    """Real files of HTCondor."""
    folder = shared / "data" / "htcondor"
    if not folder.is_dir():
        pytest.skip(
            "no real files of HTCondor here: BIGPANDAMON_SHARED names the folder that holds data/htcondor"
        )
    return Path(folder)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


@pytest.fixture
def log(tmp_path) -> Path:
    return Path(tmp_path, "EventLog")


@pytest.fixture
def configure(tmp_path, receiver, log) -> Callable[..., Path]:
    """Writes a configuration; more: lines before the sections."""

    def write(more: str = "", monitor: str = "", url: str = "") -> Path:
        (tmp_path / "token").write_text(f"{TOKEN}\n")
        (tmp_path / "token").chmod(0o600)
        (tmp_path / "state").mkdir(exist_ok=True)
        path = Path(tmp_path, "agent.toml")
        path.write_text(
            f"""schedd = "ap.example.org"
logs = ["{log}"]
time_zone = "UTC"
state = "{tmp_path}/state"
{more}
[monitor]
url = "{url or receiver.url}"
token_file = "{tmp_path}/token"
{monitor}
"""
        )
        return path

    return write
