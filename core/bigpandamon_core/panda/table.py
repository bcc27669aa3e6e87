"""What a plugin's model of a PanDA table begins with."""

from typing import Any, ClassVar

from django.db import models

from bigpandamon_core.panda.added import LABEL


class PandaTable(models.Model):
    """A PanDA table that core does not read. A model's own `class Meta(PandaTable.Meta)` only says its
    `db_table`: one of the families of schemas (panda, arch, meta, deft) or of the plugin's `schemas`, a dot,
    the table."""

    objects: ClassVar["models.Manager[Any]"]

    class Meta:
        abstract = True
        managed = False
        app_label = LABEL
