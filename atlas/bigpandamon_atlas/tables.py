"""Tables of the PanDA database that ATLAS works with: data carousel, share tree and its use, submissions."""

from django.db import models

from bigpandamon_core.plugin import (
    PaddedText,
    PandaDecimal,
    PandaJson,
    PandaTable,
    PandaTime,
    PandaTimestamp,
)


class DataCarouselRequests(PandaTable):
    """A data set to be staged from tape."""

    request_id = models.BigIntegerField(primary_key=True)
    dataset = models.CharField(max_length=256)
    source_rse = models.CharField(max_length=64, null=True)
    destination_rse = models.CharField(max_length=64, null=True)
    ddm_rule_id = models.CharField(max_length=64, null=True)
    status = models.CharField(max_length=32, null=True)
    total_files = models.BigIntegerField(null=True)
    staged_files = models.BigIntegerField(null=True)
    dataset_size = models.BigIntegerField(null=True)
    staged_size = models.BigIntegerField(null=True)
    creation_time = PandaTime(null=True)
    start_time = PandaTime(null=True)
    end_time = PandaTime(null=True)
    modification_time = PandaTime(null=True)
    check_time = PandaTime(null=True)
    source_tape = models.CharField(max_length=64, null=True)
    parameters = PandaJson(null=True)
    last_staged_time = PandaTime(null=True)
    locked_by = models.CharField(max_length=64, null=True)
    lock_time = PandaTime(null=True)

    class Meta(PandaTable.Meta):
        db_table = "panda.data_carousel_requests"


class DataCarouselRelations(PandaTable):
    """Which tasks wait for a request."""

    pk = models.CompositePrimaryKey("request_id", "task_id")
    request_id = models.BigIntegerField()
    task_id = models.BigIntegerField()

    class Meta(PandaTable.Meta):
        db_table = "panda.data_carousel_relations"


class DeftTask(PandaTable):
    """A task as the request system handed it over; its parameters are never read."""

    taskid = models.BigIntegerField(primary_key=True)
    parent_tid = models.BigIntegerField(null=True)
    status = models.CharField(max_length=12, null=True)
    total_done_jobs = models.BigIntegerField(null=True)
    submit_time = PandaTimestamp()
    start_time = PandaTimestamp(null=True)
    timestamp = PandaTimestamp(null=True)
    vo = models.CharField(max_length=32, null=True)
    prodsourcelabel = models.CharField(max_length=20, null=True)
    taskname = models.CharField(max_length=256, null=True)
    username = models.CharField(max_length=128, null=True)
    priority = models.BigIntegerField(null=True)
    current_priority = models.BigIntegerField(null=True)
    total_req_jobs = models.BigIntegerField(null=True)
    chain_tid = models.BigIntegerField(null=True)
    total_events = models.BigIntegerField(null=True)
    jedi_task_parameters = models.TextField(null=True)
    total_input_events = models.BigIntegerField(null=True)

    class Meta(PandaTable.Meta):
        db_table = "deft.t_task"


class GlobalShares(PandaTable):
    """A node of the share tree: its percent of the parent, and which jobs belong there."""

    name = models.CharField(max_length=32, primary_key=True)
    value = models.SmallIntegerField()
    parent = models.CharField(max_length=32, null=True)
    prodsourcelabel = models.CharField(max_length=100, null=True)
    workinggroup = models.CharField(max_length=100, null=True)
    campaign = models.CharField(max_length=100, null=True)
    processingtype = models.CharField(max_length=100, null=True)
    vo = models.CharField(max_length=32, null=True)
    queue_id = models.IntegerField(null=True)
    throttled = PaddedText(max_length=1, null=True)
    transpath = models.CharField(max_length=128, null=True)
    rtype = models.CharField(max_length=32, null=True)

    class Meta(PandaTable.Meta):
        db_table = "panda.global_shares"


class ShareStats(PandaTable):
    """Jobs by share, queue and state, written anew each minute. It has no key: the one told is nearly one."""

    pk = models.CompositePrimaryKey("gshare", "computingsite", "jobstatus", "ts", "maxpriority", "nucleus")
    ts = PandaTime(null=True)
    gshare = models.CharField(max_length=32, null=True)
    computingsite = models.CharField(max_length=128, null=True)
    jobstatus = models.CharField(max_length=15)
    maxpriority = models.BigIntegerField(null=True)
    prorated_diskio_avg = PandaDecimal(max_digits=11, decimal_places=2, null=True)
    prorated_mem_avg = PandaDecimal(max_digits=11, decimal_places=2, null=True)
    njobs = models.BigIntegerField(null=True)
    hs = models.BigIntegerField(null=True)
    vo = models.CharField(max_length=32, null=True)
    workqueue_id = models.IntegerField(null=True)
    resource_type = models.CharField(max_length=56, null=True)
    nucleus = models.CharField(max_length=52, null=True)

    class Meta:
        abstract = True


class JobsShareStats(ShareStats):
    """Active jobs."""

    class Meta(PandaTable.Meta):
        db_table = "panda.jobs_share_stats"


class JobsDefinedShareStats(ShareStats):
    """Jobs that are defined but not ready to run."""

    class Meta(PandaTable.Meta):
        db_table = "panda.jobsdefined_share_stats"


FAMILIES = {
    "datacarousel": (DataCarouselRequests, DataCarouselRelations),
    "deft": (DeftTask,),
    "shares": (GlobalShares, JobsShareStats, JobsDefinedShareStats),
}
