"""One job as programs read it: what follows from its files."""

import pytest

from bigpandamon_core.payloads import job_compat
from tests.instance.factory import Panda
from tests.payloads.one_job import one_job

pytestmark = pytest.mark.usefixtures("own")


def test_files_are_summed_up_by_type(panda: Panda):
    number = panda.job()
    for kind, size in (("input", 1_500_000), ("input", 2_250_000), ("log", 12_345), ("output", None)):
        panda.file(number, type=kind, fsize=size or 0)
    told = job_compat.shape(one_job(number))["job"]["file_summary_str"]
    assert told == ("input: 2, size: 3.75 (MB), log: 1, size: 0.01 (MB), output: 1, size: 0.00 (MB)")


def test_without_files_there_is_no_summary(panda: Panda):
    assert job_compat.shape(one_job(panda.job()))["job"]["file_summary_str"] == ""
