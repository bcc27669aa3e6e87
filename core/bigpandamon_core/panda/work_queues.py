"""How work is sorted: queues of tasks, classes of resources."""

from django.db import models


class JediWorkQueue(models.Model):
    """A queue of tasks in the production system."""

    queue_id = models.IntegerField(primary_key=True)
    queue_name = models.CharField(max_length=32)
    queue_type = models.CharField(max_length=32)
    vo = models.CharField(max_length=32)
    status = models.CharField(max_length=64, null=True)
    partitionid = models.IntegerField(null=True)
    stretchable = models.SmallIntegerField(null=True)
    queue_share = models.SmallIntegerField(null=True)
    queue_order = models.SmallIntegerField(null=True)
    criteria = models.CharField(max_length=256, null=True)
    variables = models.CharField(max_length=256, null=True)
    queue_function = models.CharField(max_length=32, null=True)

    class Meta:
        managed = False
        db_table = "panda.jedi_work_queue"


class ResourceTypes(models.Model):
    """A class of resources, by cores and memory per core in MB."""

    resource_name = models.CharField(max_length=56, primary_key=True)
    mincore = models.IntegerField(null=True)
    maxcore = models.IntegerField(null=True)
    minrampercore = models.IntegerField(null=True)
    maxrampercore = models.IntegerField(null=True)

    class Meta:
        managed = False
        db_table = "panda.resource_types"
