"""Files that records came from, in our own database."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from bigpandamon_core.domain.window import now
from bigpandamon_core.state.imports import ImportedFile, ImportedJob

pytestmark = pytest.mark.usefixtures("own")


def file(name: str = "jobs.csv", digest: str = "d" * 64) -> ImportedFile:
    return ImportedFile.objects.create(
        name=name, kind="jobs", digest=digest, first_imported=now(), last_imported=now()
    )


def test_the_same_file_is_one_row():
    file()
    file(digest="e" * 64)
    with pytest.raises(IntegrityError), transaction.atomic():
        file()


def test_a_job_comes_once_from_a_file():
    one, two = file("one.csv"), file("two.csv")
    ImportedJob.objects.create(file=one, pandaid=7)
    ImportedJob.objects.create(file=two, pandaid=7)
    with pytest.raises(IntegrityError), transaction.atomic():
        ImportedJob.objects.create(file=one, pandaid=7)


def test_jobs_are_forgotten_with_their_file():
    ImportedJob.objects.create(file=file(), pandaid=7)
    ImportedFile.objects.all().delete()
    assert not ImportedJob.objects.exists()


def test_models_and_migrations_agree():
    call_command("makemigrations", "state", check=True, dry_run=True, verbosity=0)
