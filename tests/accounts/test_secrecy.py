"""No secret is in any row, nor in the log."""

import logging
from contextlib import suppress

from django.apps import apps
from django.db import connections

from bigpandamon_core.accounts import identity, registering, secrets, signing_in
from bigpandamon_core.domain.problems import Problem
from tests.instance.people import PASSWORD, TESTER


def everything_stored():
    texts = []
    with connections["default"].cursor() as cursor:
        for model in apps.get_app_config("state").get_models():
            cursor.execute(f"SELECT * FROM {connections['default'].ops.quote_name(model._meta.db_table)}")
            texts += [str(value) for row in cursor.fetchall() for value in row]
    return "\n".join(texts)


def test_secrets_are_nowhere(accounts, option, caplog):
    caplog.set_level(logging.DEBUG)
    accounts.make("ada", "staff")
    key, cookie = accounts.token(), accounts.cookie()
    identity.by_authorization(f"Token {key}", option)
    wrong = ["a wrong one, typed often", "a wrong one, typed often", PASSWORD]
    for name in ("ada", "eve", PASSWORD):
        for password in wrong * 2:
            with suppress(Problem):
                signing_in.sign_in(name, password, "", option)
    registering.set_password("ada", "four other words of mine", TESTER)
    secret = key[-43:]
    stored = everything_stored()
    assert secrets.digest(key) in stored
    for text in (key, secret, cookie, PASSWORD, *wrong, "four other words of mine"):
        assert text not in stored
        assert text not in caplog.text


def test_a_secret_is_long_and_a_digest_is_not_it():
    public, key = secrets.new_key()
    assert len(key) - len(f"bpm_{public}_") == 43  # 256 bits, six to a letter
    assert secrets.public_of(key) == public
    assert secrets.fits(key, secrets.digest(key))
    assert not secrets.fits(secrets.digest(key), secrets.digest(key))
    assert not secrets.fits(public, secrets.digest(key))
