"""Where logs lie, by pattern."""

import pytest

from bigpandamon_core.domain import job_logs
from bigpandamon_core.domain.job_logs import Pattern, filled, pattern

VALUES = {"pandaid": 17, "lfn": "job.log.tgz", "scope": "user.ada", "guid": None}


@pytest.mark.parametrize(
    ("text", "found", "path"),
    [
        ("/logs/{scope}/{lfn}", Pattern("/logs/", "{scope}/{lfn}"), "user.ada/job.log.tgz"),
        ("/logs/job-{pandaid}.log", Pattern("/logs/", "job-{pandaid}.log"), "job-17.log"),
        ("https://logs.example.org/a/{lfn}", Pattern("https://logs.example.org/a/", "{lfn}"), "job.log.tgz"),
        ("/logs/{guid}/{lfn}", Pattern("/logs/", "{guid}/{lfn}"), ""),
    ],
)
def test_patterns(text: str, found: Pattern, path: str):
    assert pattern(text) == found
    assert filled(found, VALUES) == path
    assert job_logs.is_folder(text) != job_logs.is_url(text)


@pytest.mark.parametrize(
    "text",
    ["", "{lfn}", "/logs/", "/logs/{scope}", "/logs/{lfn", "/logs/{lfn}}", "/logs/{vo}/{lfn}",
     "/logs/../{lfn}", "logs/{lfn}", "https://{lfn}/", "https://logs.example.org/a/../{lfn}", "ftp://logs.example.org/{lfn}",
     "https://logs.example.org/?name={lfn}", "https://ada@logs.example.org/{lfn}"],
)  # fmt: skip
def test_what_is_no_pattern(text: str):
    assert not job_logs.is_folder(text)
    assert not job_logs.is_url(text)


@pytest.mark.parametrize("lfn", ["", ".", "..", "a/b", "../a", "a\\b", "a\0b", "a\nb", "x" * 256])
def test_values_that_are_no_plain_names(lfn: str):
    assert filled(pattern("/logs/{lfn}"), {"lfn": lfn}) == ""
