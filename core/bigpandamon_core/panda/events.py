"""Ranges of events of event service jobs."""

from django.db import models

from bigpandamon_core.panda.fields import PaddedText


class JediEvents(models.Model):
    """A range of events and how far it is."""

    pk = models.CompositePrimaryKey("jeditaskid", "pandaid", "fileid", "job_processid")
    jeditaskid = models.BigIntegerField()
    pandaid = models.BigIntegerField()
    fileid = models.BigIntegerField()
    job_processid = models.BigIntegerField()
    datasetid = models.BigIntegerField()
    status = models.SmallIntegerField()
    def_min_eventid = models.BigIntegerField(null=True)
    def_max_eventid = models.BigIntegerField(null=True)
    processed_upto_eventid = models.BigIntegerField(null=True)
    attemptnr = models.SmallIntegerField(null=True)
    objstore_id = models.BigIntegerField(null=True)
    event_offset = models.BigIntegerField(null=True)
    is_jumbo = models.SmallIntegerField(null=True)
    ziprow_id = models.BigIntegerField(null=True)
    file_not_deleted = PaddedText(max_length=1, null=True)
    error_code = models.IntegerField(null=True)
    path_convention = models.SmallIntegerField(null=True)
    error_diag = models.CharField(max_length=500, null=True)

    class Meta:
        managed = False
        db_table = "panda.jedi_events"
