"""The registry is frozen, complete, and refuses declarations that do not fit together."""

from dataclasses import replace

import pytest

from bigpandamon_core.sections import catalogue, jobs
from bigpandamon_core.sections.registry import Mounted, RegistryError, build, of_section

CORE = [mounted for section in catalogue.CORE for mounted in of_section(section)]
JOBS = Mounted(jobs.JOBS, "jobs")


def again(**changes) -> Mounted:
    """Jobs once more, somewhere else."""
    return Mounted(replace(jobs.JOBS, name="again", path="again/", **changes), "jobs")


def complaint(*mounted: Mounted) -> str:
    with pytest.raises(RegistryError) as caught:
        build(mounted, ())
    return str(caught.value)


def test_core_fits_together():
    registry = build(CORE, ())
    assert registry.mounted["jobs"].routes == ("jobs/",)
    assert registry.at("jobs") is registry.mounted["jobs"]
    assert registry.at("jobs", "one/") is None


def test_every_entry_of_the_navigation_opens_something():
    opened = {item.resource for section in catalogue.CORE for item in section.nav}
    assert opened <= build(CORE, ()).mounted.keys()


def test_what_can_be_mounted_is_core():
    sections = {section.name for mountable in catalogue.MOUNTABLE.values() for section in mountable}
    assert sections <= {section.name for section in catalogue.CORE}


def test_it_is_frozen():
    registry = build(CORE, ())
    with pytest.raises(TypeError):
        registry.mounted["jobs"] = JOBS  # type: ignore[index]  # that is what is tried
    with pytest.raises(AttributeError):
        registry.nav = ()  # type: ignore[misc]


def test_all_complaints_are_told_at_once():
    nameless = Mounted(replace(jobs.JOBS, path="other/", access="all", formats={}), "jobs")  # type: ignore[arg-type]
    assert complaint(JOBS, nameless, again(template="", also_at=("jobs/",))).splitlines() == [
        "resource jobs: access must be one of read, personal, operate, administer",
        "resource jobs: no format to answer in",
        "resource jobs: its name is taken",
        "resource again: html needs a template",
        "resource again: the address /jobs/ belongs to jobs",
    ]


@pytest.mark.parametrize("taken", ["one/jobs/", "one/jobs"])
def test_an_address_below_another_prefix_is_taken(taken):
    mounted = Mounted(jobs.JOBS, "one", prefix="one/")
    assert (
        complaint(mounted, again(also_at=(taken,)))
        == f"resource again: the address /{taken} belongs to one-jobs"
    )


def test_an_address_that_an_earlier_pattern_takes():
    job = Mounted(jobs.JOB, "one", prefix="one/")
    expected = "resource again: the address /one/job/summary/ belongs to one-job"
    assert complaint(job, again(also_at=("one/job/summary/",))) == expected


def test_the_key_names_resource_and_scope():
    plain, mounted = JOBS, Mounted(jobs.JOBS, "one", prefix="one/")
    assert (plain.key, mounted.key) == ("jobs", "one-jobs")
