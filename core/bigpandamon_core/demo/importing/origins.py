"""Remembers, in the monitor's own database, which files were imported and which jobs came with them."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.db import DEFAULT_DB_ALIAS, connections

from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.window import now
from bigpandamon_core.sources.records import RecordKind
from bigpandamon_core.state.imports import ImportedFile, ImportedJob

BATCH = 1000


def require_tables() -> None:
    """Problem if the monitor's own database has not been prepared for this release."""
    if ImportedFile._meta.db_table not in connections[DEFAULT_DB_ALIAS].introspection.table_names():
        raise Problem(
            "The monitor's own database has no table for imported files.",
            where="database.url",
            remedy="Run `bigpandamon migrate`.",
            code="not-migrated",
        )


def digest(path: Path) -> str:
    """SHA-256 of the content, hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def opened(path: Path, kind: RecordKind) -> tuple[ImportedFile, datetime | None]:
    """The file's row, and when the same content was imported last under this name and kind."""
    moment = now()
    file, is_new = ImportedFile.objects.get_or_create(
        name=path.name,
        kind=kind.name,
        digest=digest(path),
        defaults={"first_imported": moment, "last_imported": moment},
    )
    before = None if is_new else file.last_imported
    file.last_imported = moment  # what was counted of these records counts no more, even if this is cut off
    file.save(update_fields=["last_imported"])
    return file, before


def remember(file: ImportedFile, pandaids: Iterable[int]) -> None:
    """Jobs that came with the file; those remembered already are passed over."""
    jobs = [ImportedJob(file=file, pandaid=pandaid) for pandaid in pandaids]
    ImportedJob.objects.bulk_create(jobs, batch_size=BATCH, ignore_conflicts=True)


def closed(file: ImportedFile, records: int, refused: int) -> None:
    file.records, file.imported, file.refused = records, records - refused, refused
    file.last_imported = now()
    file.save(update_fields=["records", "imported", "refused", "last_imported"])
