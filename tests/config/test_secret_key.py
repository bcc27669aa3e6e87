"""The file with the key that signs."""

import logging
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bigpandamon_core.config import ConfigurationErrors
from bigpandamon_core.config.secret_key import secret_key


def test_made_once_and_for_its_owner_only(tmp_path):
    file = tmp_path / "state/deep/secret_key"
    key = secret_key(file)
    assert len(key) >= 50
    assert secret_key(file) == key
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) & 0o007 == 0
    assert [path.name for path in file.parent.iterdir()] == ["secret_key"]


def test_processes_that_start_together_agree(tmp_path):
    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(secret_key, [tmp_path / "secret_key"] * 64))
    assert len(keys) == 1


@pytest.mark.parametrize(
    ("content", "found"), [(b"", "0"), (b"short\n", "5"), (b"\xff" * 50, "something else")]
)
def test_a_file_that_cannot_serve_is_refused(tmp_path, content, found):
    file = tmp_path / "secret_key"
    file.write_bytes(content)
    with pytest.raises(ConfigurationErrors) as caught:
        secret_key(file)
    assert str(caught.value) == (
        f"{file}: web.secret_key_file: expected a file with a key of at least 32 ASCII characters, "
        f"found {found}; remove the file and it is made anew"
    )


def test_a_folder_in_its_place_is_refused(tmp_path):
    with pytest.raises(ConfigurationErrors, match="is a directory"):
        secret_key(tmp_path)


def test_where_nothing_can_be_written_the_process_has_its_own(caplog):
    with caplog.at_level(logging.WARNING):
        keys = {secret_key(Path("/proc/bigpandamon/secret_key")) for _ in range(2)}
    assert len(keys) == 2
    assert "cannot be made" in caplog.text
    assert not any(key in caplog.text for key in keys)


def test_no_half_written_file_is_left(tmp_path):
    if os.geteuid() == 0:
        pytest.skip("root writes anywhere")
    tmp_path.chmod(0o500)
    secret_key(tmp_path / "secret_key")
    assert list(tmp_path.iterdir()) == []
