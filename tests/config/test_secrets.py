"""No way of showing a configuration, right or wrong, shows a secret."""

import contextlib
import io
import json
from argparse import Namespace
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bigpandamon_core import config
from bigpandamon_core.config import ConfigurationErrors, Option
from bigpandamon_core.config.configuration import Configuration
from bigpandamon_core.management import config as command

# Unlike any other word, so that finding one means a leak; between the two anything may stand.
HEAD, TAIL = "Geheimnis0815", "xQ7kennwort"
PASSWORDS = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=6).map(
    lambda middle: HEAD + middle + TAIL
)
SHAPES = (
    "{scheme}://u:{secret}@h/d",
    "{scheme}://u:{secret}@h:99999999/d",
    "{scheme}://u:{secret}@h",
    "{scheme}://u:{secret}",
    "{scheme}://h/d?password={secret}",
    "{scheme}://h/d#{secret}",
    "{scheme}:u:{secret}@h/d",
    "{secret}",
    "[{secret}]",
)
PLACES = (
    "[panda]\nurl = {value}",
    "[database]\nurl = {value}",
    "[panda]\nulr = {value}",
    "panda = {value}",
    "url = {value}",
    "[panda.url]\npassword = {value}",
    "[panda]\nurl = [{value}]",
    '[panda]\nurl = {value}\n[jobs]\nlimit = "no"',
    '[web]\nbind = "x"\n[plugins.x]\ntoken = {value}',
)
SCHEMES = ("mysql", "mariadb", "postgresql", "oracle", "sqlite", "redis")


def outputs(file):
    """Everything that can be seen of the configuration in a file."""
    found, mistakes = config.examine(file, environ={})
    yield from (str(mistakes), repr(mistakes), str(ConfigurationErrors(mistakes)), repr(found), str(found))
    yield json.dumps({option.key: found.shown(option.key) for option in found})
    yield repr([found.get(option.key) for option in found])
    keys = [option.key for option in found]
    yield command.as_text(found, keys)
    yield command.as_json(found, keys)


def leaks(text):
    return any(part in text for part in (HEAD, TAIL, quote(HEAD + TAIL)))


@given(PASSWORDS, st.booleans(), st.sampled_from(SCHEMES), st.sampled_from(SHAPES), st.sampled_from(PLACES))
def test_a_secret_is_in_no_output(tmp_path_factory, password, encoded, scheme, shape, place):
    secret = quote(password, safe="") if encoded else password
    value = json.dumps(shape.format(scheme=scheme, secret=secret), ensure_ascii=False)
    file = tmp_path_factory.getbasetemp() / "secret.toml"
    file.write_text(place.format(value=value), encoding="utf-8")
    assert [text for text in outputs(file) if leaks(text)] == []


@pytest.mark.parametrize(
    "line",
    [
        f"url = mysql://u:{HEAD}@h/d",
        f'url = "mysql://u:{HEAD}"{TAIL}@h/d"',
        f"url = 'mysql://u:{HEAD}'{TAIL}@h/d'",
        f'url = "mysql://u:\\{HEAD}@h/d"',
        f'url = "mysql://u:{HEAD}@h/d',
        f'url = {{ "{HEAD}" = 1',
    ],
)
def test_a_syntax_error_does_not_quote_the_line(tmp_path, line):
    file = tmp_path / "broken.toml"
    file.write_text(f"[panda]\n{line}\n")
    _, mistakes = config.examine(file, environ={})
    assert [text for text in outputs(file) if leaks(text)] == []
    assert len(mistakes) == 1


def test_the_command_prints_no_secret(tmp_path, monkeypatch):
    file = tmp_path / "good.toml"
    file.write_text(f'[panda]\nurl = "mysql://monitor:{HEAD}@db.example.org/panda"\n')
    monkeypatch.setenv("BIGPANDAMON_CONFIG", str(file))
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        assert command.run(Namespace(key="panda.url", json=False)) == 0
    assert printed.getvalue().split("  # ") == [
        'panda.url = "mysql://monitor:***@db.example.org/panda"',
        f"{file}\n",
    ]


def test_a_changed_password_leaves_the_digest(tmp_path):
    def digest(password):
        file = tmp_path / "one.toml"
        file.write_text(f'[panda]\nurl = "mysql://u:{password}@h/d"')
        return config.load(file, environ={}).digest()

    assert digest("one") == digest("other")


def test_a_secret_text_is_replaced_as_a_whole():
    options = [Option("demo.token", str, "", "A token.", secret=True)]
    shown = [Configuration(options, {"demo.token": value}).shown("demo.token") for value in ("", HEAD)]
    assert shown == ["", "***"]
