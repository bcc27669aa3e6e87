import pytest

from tests.services.programs import program


def test_a_missing_program_names_its_package(monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="apt-get install no-such-package"):
        program("no-such-program", "no-such-package")


def test_a_missing_program_fails_where_everything_must_run(monkeypatch):
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="apt-get install no-such-package"):
        program("no-such-program", "no-such-package")
