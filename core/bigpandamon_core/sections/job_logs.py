"""Logs of jobs: the files in them."""

from bigpandamon_core.payloads import job_logs
from bigpandamon_core.sections import schemas
from bigpandamon_core.sections.types import Access, Parameter, Resource, Section

_FILE = schemas.mapping(
    name=schemas.TEXT,
    dirname=schemas.TEXT,
    modification=schemas.TEXT,
    size=schemas.COUNT,
    media_link=schemas.TEXT,
)
FILES = Resource(
    name="filebrowser",
    path="filebrowser/",
    help="The files in the log of a job, or one of them as text.",
    access=Access.READ,
    build=job_logs.JobLog,
    formats={"html": job_logs.shape, "json": job_logs.compatible},
    template="bigpandamon/record.html",
    parameters=(
        Parameter("pandaid", "Number of the job.", "integer"),
        Parameter("filename", "Name of a file in the log, with or without its folder: answers its text."),
    ),
    answer=schemas.mapping(error=schemas.TEXT, files=schemas.array(_FILE)),
    needs=("jobs",),
    signed_in_by="job_logs.signed_in",
    asks="pandaid",
)
SECTION = Section("joblogs", "Logs of jobs", (FILES,))
