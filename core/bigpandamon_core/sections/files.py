"""Data sets of tasks and their files: what can be asked about them, and what answers."""

from dataclasses import replace

from bigpandamon_core.payloads import (
    dataset,
    dataset_page,
    datasets,
    file,
    file_page,
    files,
    files_compat,
    records_page,
    records_table,
    records_v1,
)
from bigpandamon_core.sections import schemas
from bigpandamon_core.sections.listing import ON_PAGES, v1_alike, v1_of
from bigpandamon_core.sections.types import Access, Parameter, Resource, Section

_ROWS = {"csv": records_table.shape, "ndjson": records_table.shape, "text": records_table.short}
_OF_DATASETS = (
    Parameter("datasetid", "Files of data sets, by number.", "integers"),
    Parameter("datasetname", "Files of data sets, by name; a pattern beside jeditaskid or containername."),
    Parameter("containername", "Files of the data sets of a container."),
)
DATASETS = Resource(
    name="datasets",
    path="datasets/",
    also_at=("datasetList/",),
    help="Data sets of a task or a container: how many files and events, how many done.",
    access=Access.READ,
    build=datasets.Datasets,
    formats={"html": records_page.shape, "json": datasets.compatible, **_ROWS},
    template="bigpandamon/records.html",
    point="files",
    noun="datasets",
    parameters=ON_PAGES,
    answer=schemas.array(schemas.OBJECT),
    refusal=schemas.EMPTY_ARRAY,
    needs=("jedi",),
    asks="jeditaskid or containername",
)
FILES = Resource(
    name="files",
    path="files/",
    also_at=("fileList/",),
    help="Files of a task or of data sets: their states, attempts and events.",
    access=Access.READ,
    build=files.Files,
    formats={"html": records_page.shape, "json": files_compat.summary, **_ROWS},
    template="bigpandamon/records.html",
    point="files",
    noun="files",
    parameters=(*ON_PAGES, *_OF_DATASETS),
    answer=schemas.mapping(
        dataset=schemas.mapping(
            name=schemas.TEXT,
            id=schemas.TEXT,
            type=schemas.TEXT,
            nfilestotal=schemas.COUNT,
            nfilesunique=schemas.COUNT,
        )
    ),
    needs=("jedi",),
    asks="jeditaskid or datasetid or datasetname or containername",
)
FILE_LIST = replace(
    FILES,
    name="load-file-list",
    path="loadFileList/",
    also_at=(),
    help="Files of data sets as an array, for programs.",
    build=files.FilesOfDatasets,
    formats={"json": files_compat.array},
    template="",
    answer=schemas.array(schemas.OBJECT),
    refusal=schemas.EMPTY_OBJECT,
    asks="datasetid",
)
DATASET = Resource(
    name="dataset",
    path="dataset/",
    also_at=("datasetInfo/",),
    help="One data set: its task, how far it is, its files by state, the other tasks that use it.",
    access=Access.READ,
    build=dataset.OneDataset,
    formats={"html": dataset_page.shape, "json": dataset.compatible, "text": dataset_page.lines},
    template="bigpandamon/record.html",
    point="files",
    parameters=(
        Parameter("datasetid", "Its number.", "integer"),
        Parameter("datasetname", "Its name, with its scope."),
        Parameter("jeditaskid", "The task it is a data set of.", "integer"),
    ),
    answer={"type": ["object", "null"]},
    needs=("jedi",),
    asks="datasetid or datasetname",
)
V1_DATASET = v1_alike(DATASET, dataset.v1, "dataset")
FILE = Resource(
    name="file",
    path="file/",
    also_at=("fileInfo/",),
    help="One file: where it occurs, how often it was tried, which jobs read or wrote it.",
    access=Access.READ,
    build=file.OneFile,
    formats={"html": file_page.shape, "json": file.compatible, "text": file_page.lines},
    template="bigpandamon/record.html",
    point="files",
    parameters=(
        Parameter("lfn", "Its name."),
        Parameter("filename", "As lfn."),
        Parameter("guid", "Its GUID, with what says where to look: jeditaskid, datasetid or pandaid."),
        Parameter("fileid", "Its number, with jeditaskid or datasetid.", "integer"),
        Parameter("scope", "Its scope."),
        Parameter("jeditaskid", "In this task.", "integer"),
        Parameter("datasetid", "In this data set.", "integer"),
        Parameter("datasetname", "In the data set of this name."),
        Parameter("pandaid", "As the last job of a task's file, or a job that has it.", "integer"),
    ),
    answer=schemas.mapping(
        frec={},
        files=schemas.array(schemas.OBJECT),
        filename=schemas.TEXT,
        columns=schemas.array(schemas.OBJECT),
    ),
    needs=("jedi",),
    asks="lfn or filename, or guid or fileid beside jeditaskid or datasetid or datasetname or pandaid",
)
V1_FILE = v1_alike(FILE, file.v1, "file")
SECTION = Section(
    "files",
    "Files",
    (
        DATASETS,
        DATASET,
        FILES,
        FILE,
        FILE_LIST,
        v1_of(DATASETS, records_v1.shape),
        v1_of(FILES, records_v1.shape, _OF_DATASETS),
        V1_DATASET,
        V1_FILE,
    ),
)
