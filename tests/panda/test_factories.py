from bigpandamon_core.panda.jobs import JobsArchived4


def test_a_job_is_read_back(panda):
    pandaid = panda.job(jobstatus="failed")
    job = JobsArchived4.objects.get()
    assert (job.pandaid, job.jobstatus) == (pandaid, "failed")


def test_the_tables_are_empty_again(panda):
    assert JobsArchived4.objects.count() == 0
