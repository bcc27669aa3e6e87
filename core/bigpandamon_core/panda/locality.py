"""Which storage has the inputs of tasks."""

from django.db import models

from bigpandamon_core.panda.fields import PandaTime


class JediDatasetLocality(models.Model):
    """A storage element that has an input data set."""

    pk = models.CompositePrimaryKey("jeditaskid", "datasetid", "rse")
    jeditaskid = models.BigIntegerField()
    datasetid = models.BigIntegerField()
    rse = models.CharField(max_length=64)
    timestamp = PandaTime()

    class Meta:
        managed = False
        db_table = "panda.jedi_dataset_locality"
