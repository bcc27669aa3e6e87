"""Queues: the whole configuration of one as a document."""

from django.db import models

from bigpandamon_core.panda.fields import PandaJson, PandaTime


class SchedconfigJson(models.Model):
    panda_queue = models.CharField(primary_key=True, max_length=50)
    data = PandaJson(null=True)
    last_update = PandaTime(null=True)

    class Meta:
        managed = False
        db_table = "panda.schedconfig_json"
