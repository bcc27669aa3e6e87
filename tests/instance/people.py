"""Accounts for tests, made by the functions that the monitor makes them with."""

from django.conf import settings
from django.test import Client

from bigpandamon_core.accounts import registering, signing_in, tokens
from bigpandamon_core.accounts.audit import Actor
from bigpandamon_core.state.accounts import Account, AuditEntry
from bigpandamon_core.web.access import SESSION_COOKIE

PASSWORD = "four words nobody guesses"
FORM = {"account": "ada", "password": PASSWORD}
"""As ada signs in."""
QUICK = "django.contrib.auth.hashers.MD5PasswordHasher"
TESTER = Actor("tester")
ORIGIN = {"origin": "http://localhost"}
"""What a browser says of a form that a page of ours sends."""


class Accounts:
    """Factories. What is not given is invented."""

    def make(self, name: str = "ada", *groups: str, password: str | None = PASSWORD) -> Account:
        return registering.create(name, password, f"{name.title()} Example", groups, TESTER)

    def cookie(self, name: str = "ada") -> str:
        """That of a browser in which the account has signed in."""
        return signing_in.sign_in(name, PASSWORD, "", settings.BIGPANDAMON.get)

    def token(self, name: str = "ada", scope: str = "read", days: int = 30) -> str:
        wish = tokens.Wish("a program", (scope,), days)
        return tokens.create(registering.account(name), wish, TESTER, settings.BIGPANDAMON.get)[1]

    def browser(self, name: str = "", **headers: str) -> Client:
        """One in which the account is signed in, "" for nobody, that sends forms of ours."""
        made = Client(headers={"host": "localhost"} | ORIGIN | headers)
        if name:
            made.cookies[SESSION_COOKIE] = self.cookie(name)
        return made

    def done(self) -> list[tuple[str, str, str]]:
        """Who did what to what, by others than the factories."""
        entries = AuditEntry.objects.exclude(who=TESTER.name).order_by("id")
        return list(entries.values_list("who", "act", "target"))
