"""Which database a model lives in: the PanDA tables in `panda`, ours in `default`."""

from typing import Any

from django.db import models

from bigpandamon_core.panda.added import LABEL

PANDA_ALIAS = "panda"
PANDA_LABEL = "panda"
THEIRS = (PANDA_LABEL, LABEL)


class WriteRefused(PermissionError):
    """Something tried to write to the PanDA database, which belongs to somebody else."""


class PandaRouter:
    """One of three proofs of read-only, beside the account's grants and the session's setting.

    The demo room writes to databases that it made itself; it names its own connection and so asks no router.
    """

    def db_for_read(self, model: type[models.Model], **_hints: Any) -> str | None:
        return PANDA_ALIAS if model._meta.app_label in THEIRS else None

    def db_for_write(self, model: type[models.Model], **_hints: Any) -> None:
        if model._meta.app_label in THEIRS:
            raise WriteRefused(
                f"{model._meta.db_table} is read only: no code of ours writes to PanDA's tables."
            )

    def allow_migrate(self, db: str, app_label: str, **_hints: Any) -> bool | None:
        return False if app_label in THEIRS or db != "default" else None
