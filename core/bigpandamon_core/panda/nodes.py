"""Worker nodes as pilots saw them."""

from django.db import models

from bigpandamon_core.panda.fields import PandaDecimal, PandaTime


class WorkerNode(models.Model):
    """A node and what it is made of."""

    pk = models.CompositePrimaryKey("site", "host_name", "cpu_model")
    site = models.CharField(max_length=128)
    host_name = models.CharField(max_length=128)
    cpu_model = models.CharField(max_length=128)
    n_logical_cpus = models.IntegerField(null=True)
    n_sockets = models.IntegerField(null=True)
    cores_per_socket = models.IntegerField(null=True)
    threads_per_core = models.IntegerField(null=True)
    cpu_architecture = models.CharField(max_length=20, null=True)
    cpu_architecture_level = models.CharField(max_length=20, null=True)
    clock_speed = PandaDecimal(max_digits=9, decimal_places=2, null=True)
    total_memory = models.BigIntegerField(null=True)
    last_seen = PandaTime(null=True)
    total_local_disk = models.BigIntegerField(null=True)
    cpu_model_normalized = models.CharField(max_length=128, null=True)

    class Meta:
        managed = False
        db_table = "panda.worker_node"


class WorkerNodeQueue(models.Model):
    """Which queues sent jobs to a node."""

    pk = models.CompositePrimaryKey("site", "host_name", "panda_queue")
    site = models.CharField(max_length=128)
    host_name = models.CharField(max_length=128)
    panda_queue = models.CharField(max_length=128)
    last_seen = PandaTime(null=True)

    class Meta:
        managed = False
        db_table = "panda.worker_node_queue"
