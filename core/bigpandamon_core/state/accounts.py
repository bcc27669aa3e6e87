"""Who may sign in, what they show themselves with, and what they did. No secret is kept, only digests."""

from django.db import models

from bigpandamon_core.domain.accounts import LONGEST_LABEL, LONGEST_NAME
from bigpandamon_core.state.fields import JsonText

DIGEST_DIGITS = 64
LONGEST_ADDRESS = 45


class Account(models.Model):
    """Somebody who may sign in, or a program that has tokens. Never removed: others may not get its name.

    full_name: as PanDA knows the person, "" if it does not. groups: names, which decide about rights.
    password: hashed; of a program one that nothing fits.
    """

    name = models.CharField(max_length=64, unique=True)
    full_name = models.CharField(max_length=LONGEST_NAME, default="")
    groups = JsonText(default=list)
    is_active = models.BooleanField(default=True)
    password = models.CharField(max_length=255)
    created = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name}"


class ApiToken(models.Model):
    """What a program shows. public: names the token, and begins it after a prefix. digest: SHA-256 of the
    whole, which is random. scope: names of the rights it carries at most. last_used: to the hour."""

    public = models.CharField(max_length=16, unique=True)
    digest = models.CharField(max_length=DIGEST_DIGITS)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="tokens")
    label = models.CharField(max_length=LONGEST_LABEL)
    scope = JsonText(default=list)
    created = models.DateTimeField()
    expires = models.DateTimeField(db_index=True)
    last_used = models.DateTimeField(null=True)
    revoked = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.public} of {self.account_id}"


class SignIn(models.Model):
    """One browser in which somebody is signed in. digest: SHA-256 of its cookie, which is random."""

    digest = models.CharField(max_length=DIGEST_DIGITS, unique=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="sign_ins")
    created = models.DateTimeField()
    expires = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.account_id} until {self.expires}"


class AuditEntry(models.Model):
    """Something that was done, or tried in vain. who: an account, or somebody at the command line, "" where
    nobody has shown who it is. target: what it was done to. address: the client's, "" if unknown."""

    moment = models.DateTimeField(db_index=True)
    who = models.CharField(max_length=LONGEST_NAME)
    act = models.CharField(max_length=32)
    target = models.CharField(max_length=LONGEST_NAME)
    detail = models.CharField(max_length=500, default="")
    address = models.CharField(max_length=LONGEST_ADDRESS, default="")

    class Meta:
        indexes = [
            models.Index(fields=["act", "target", "moment"], name="state_auditentry_of_target"),
            models.Index(fields=["act", "address", "moment"], name="state_auditentry_of_address"),
        ]

    def __str__(self) -> str:
        return f"{self.moment} {self.who}: {self.act} {self.target}"
