"""JSON schemas of answers, for the OpenAPI document."""

from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]

TEXT: Schema = {"type": "string"}
COUNT: Schema = {"type": "integer", "minimum": 0}
OBJECT: Schema = {"type": "object"}


def array(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def mapping(**properties: Schema) -> Schema:
    """An object that has at least these keys."""
    return {"type": "object", "properties": properties, "required": sorted(properties)}


def envelope(data: Schema, meta: Schema | None = None) -> Schema:
    return mapping(data=data, meta=meta or OBJECT, links=OBJECT)


ATTRIBUTE = mapping(field=TEXT, list=array(mapping(kname={}, kvalue=COUNT)))
ERROR = mapping(
    error=TEXT, codename=TEXT, codeval={}, diag=TEXT, desc=TEXT,
    cat=mapping(id={"type": "integer"}, name=TEXT), example_pandaid={"type": "integer"}, count=COUNT,
)  # fmt: skip
JOBS = mapping(jobs=array(OBJECT), selectionsummary=array(ATTRIBUTE), errsByCount=array(ERROR))
JOB = mapping(job=OBJECT, files=array(OBJECT), dsfiles=array(OBJECT))
REGIONS = mapping(regions=OBJECT, sites=OBJECT, queues=OBJECT)
WORLD = mapping(nucleuses=OBJECT, nucleussummary=OBJECT, statelist=array(TEXT), built=TEXT)
PLACE = mapping(
    name={"type": ["string", "integer"]},
    errors=OBJECT,
    toterrors={"type": "integer"},
    toterrjobs={"type": "integer"},
    errorlist=array(ERROR),
)
ERRORS = mapping(
    jobSummary=array(ATTRIBUTE),
    errsByCount=array(ERROR),
    errsBySite=array(PLACE),
    errsByUser=array(PLACE),
    errsByTask=array(PLACE),
)
NODES = mapping(
    site=TEXT, wnname=TEXT, summary=array(OBJECT), wnPlotFailed=array({}), wnPlotFinished=array({}),
    hours={"type": "integer"}, built=TEXT,
)  # fmt: skip
TASKS = array(
    mapping(jeditaskid={"type": "integer"}, taskname=TEXT, status=TEXT, dsinfo=OBJECT, datasets=array(OBJECT))
)
TASK = mapping(task=OBJECT, taskparams=OBJECT, datasets=array(OBJECT))
V1_RECORD = envelope(OBJECT)
V1_RECORDS = envelope(array(OBJECT))
V1_JOBS = envelope(array(OBJECT))
V1_JOB = envelope(OBJECT)
V1_SUMMARY = envelope(mapping(states=OBJECT, attributes=array(OBJECT), errors=array(OBJECT)))
V1_TREND = envelope(
    mapping(minutes={"type": ["integer", "null"]}, pieces=array(OBJECT)),
    mapping(
        total={"type": ["integer", "null"], "description": "null where why_not says why nothing is told"},
        by={"enum": ["end", "last change"], "description": "When a job is counted."},
        why_not={"type": ["string", "null"]},
    ),
)
EMPTY_ARRAY: Schema = {"type": "array", "maxItems": 0}
EMPTY_OBJECT: Schema = {"type": "object", "maxProperties": 0}
PROBLEM = mapping(type=TEXT, title=TEXT, status={"type": "integer"}, detail=TEXT)
LEGACY_PROBLEM = mapping(error=TEXT, problem=OBJECT)
