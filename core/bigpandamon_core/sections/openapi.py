"""The OpenAPI document, made from what is declared: both families of addresses with all their parameters."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bigpandamon_core.sections import schemas
from bigpandamon_core.sections.parameters import parameters_of
from bigpandamon_core.sections.registry import Mounted, Registry
from bigpandamon_core.sections.types import Action, Family, Parameter

VERSION = "3.1.0"
MEDIA = {
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "ndjson": "application/x-ndjson; charset=utf-8",
    "text": "text/plain; charset=utf-8",
}
NOUN = "x-noun"
"""What kind of records an operation selects."""
ASKS = "x-asks-for"
"""The parameters without which it refuses a request, in words."""
_CONVERTER = re.compile(r"<(?:[a-z]+:)?([a-z_]+)>")
_MOMENT = r"^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2})?)?$"
SCHEMAS: Mapping[str, Mapping[str, Any]] = {
    "text": {"type": "string", "minLength": 1, "maxLength": 20000},
    "integer": {"type": "integer", "minimum": 0, "maximum": 2**63 - 1},
    "count": {"type": "integer", "minimum": 1, "maximum": 2**63 - 1},
    "integers": {"type": "string", "pattern": r"^(-?\d{1,18})([|,]-?\d{1,18})*$"},
    "number": {"type": "number"},
    "flag": {"type": "string"},
    "moment": {"type": "string", "pattern": _MOMENT},
    "range": {"type": "string", "pattern": _MOMENT.replace("$", "") + r"\|" + _MOMENT.replace("^", "")},
}
DESCRIPTION = (
    "Every page of the monitor as data. Addresses below /api/v1/ answer {data, meta, links} and refuse "
    "unknown parameters; the others keep the shapes of the BigPanDA JSON API, ignore unknown parameters and "
    "name them in the header X-Ignored-Parameters. Times are UTC without zone. Any counted field takes "
    "<field>.is=<value as shown> for exactly the counted records."
)


def document(registry: Registry, title: str, version: str, server: str) -> dict[str, Any]:
    """The whole document. server: address of the start page."""
    paths: dict[str, Any] = {}
    for mounted in registry.mounted.values():
        if not mounted.off:
            for route in mounted.routes:
                paths["/" + _CONVERTER.sub(r"{\1}", route)] = _operations(mounted, route)
    return {
        "openapi": VERSION,
        "info": {"title": f"{title}: bigpandamon", "version": version, "description": DESCRIPTION},
        "servers": [{"url": server.rstrip("/") or "/"}],
        "paths": dict(sorted(paths.items())),
        "components": {"schemas": {"Problem": schemas.PROBLEM, "LegacyProblem": schemas.LEGACY_PROBLEM}},
    }


def _operations(mounted: Mounted, route: str) -> dict[str, Any]:
    methods = [method.lower() for method in mounted.resource.methods if method != "HEAD"]
    read = {method: _operation(mounted, route, method) for method in methods}
    return read | {
        method.lower(): _act(mounted, route, method, action)
        for method, action in mounted.resource.actions.items()
    }


def _act(mounted: Mounted, route: str, method: str, action: Action) -> dict[str, Any]:
    done = {"description": "What was done.", "content": {MEDIA["json"]: {"schema": action.answer}}}
    return {
        "operationId": _operation_id(mounted, route, method.lower()),
        "summary": action.help,
        "tags": [mounted.section],
        "parameters": [*_path_parameters(mounted, route)],
        "requestBody": {"required": True, "content": {MEDIA["json"]: {"schema": action.body}}},
        "responses": _responses(mounted) | {"200": done, "201": done},
    }


def _operation_id(mounted: Mounted, route: str, method: str) -> str:
    suffix = "" if route == mounted.routes[0] else "-" + str(mounted.routes.index(route))
    return f"{mounted.name}{suffix}-{method}"


def _operation(mounted: Mounted, route: str, method: str) -> dict[str, Any]:
    resource = mounted.resource
    about = {name: told for name, told in ((NOUN, resource.noun), (ASKS, resource.asks)) if told}
    return about | {
        "operationId": _operation_id(mounted, route, method),
        "summary": resource.help,
        "tags": [mounted.section],
        "parameters": [*_path_parameters(mounted, route), *_query_parameters(mounted), *_headers(mounted)],
        "responses": _responses(mounted),
    }


def _path_parameters(mounted: Mounted, route: str) -> Iterator[dict[str, Any]]:
    declared = {one.name: one for one in mounted.resource.parameters if one.where == "path"}
    for name in _CONVERTER.findall(route):
        one = declared.get(name, Parameter(name, "", where="path"))
        yield {
            "name": name,
            "in": "path",
            "required": True,
            "description": one.help,
            "schema": SCHEMAS[one.kind],
        }


def _query_parameters(mounted: Mounted) -> Iterator[dict[str, Any]]:
    refuses = mounted.resource.family is Family.V1
    for one in parameters_of(mounted):
        if one.where == "query":
            known = (
                {"type": "string", "enum": list(one.words)} if one.words and refuses else SCHEMAS[one.kind]
            )
            yield {"name": one.name, "in": "query", "description": one.help, "schema": known}
    if len(mounted.resource.formats) > 1:
        offered = {"type": "string", "enum": sorted(mounted.resource.formats)}
        yield {"name": "format", "in": "query", "description": "Representation.", "schema": offered}


def _headers(mounted: Mounted) -> Iterator[dict[str, Any]]:
    for name, value in mounted.resource.must_send.items():
        schema = {"type": "string", "enum": [value]}
        yield {
            "name": name,
            "in": "header",
            "required": True,
            "description": f"Must be {value}.",
            "schema": schema,
        }


def _responses(mounted: Mounted) -> dict[str, Any]:
    content: dict[str, Any] = {MEDIA[name]: {} for name in mounted.resource.formats}
    if "json" in mounted.resource.formats:
        content[MEDIA["json"]] = {"schema": mounted.resource.answer}
    answers: dict[str, Any] = {"200": {"description": "The answer.", "content": content}}
    if "html" in mounted.resource.formats:
        answers["302"] = {"description": "Where the one thing found is."}
    problem = _problem(mounted)
    told = {
        "400": "A parameter is wrong; the problem names it and the remedy.",
        "401": "Credentials were given that are not known.",
        "403": "Not for this caller.",
        "404": "There is no such record.",
        "405": "The method is not allowed.",
        "410": "What was here is no more.",
        "413": "The body is too large.",
        "415": "The body is neither a form nor JSON.",
        "503": "The database does not answer, or too many long answers are on their way.",
    }
    if mounted.resource.refused_with != "410":
        del told["410"]
    answers |= {status: {"description": text, "content": problem} for status, text in told.items()}
    if mounted.resource.refusal:
        either = {"anyOf": [problem[MEDIA["json"]]["schema"], mounted.resource.refusal]}
        refused = answers.setdefault(
            mounted.resource.refused_with, {"description": "What is asked is refused."}
        )
        refused["content"] = problem | {MEDIA["json"]: {"schema": either}}
    return answers


def _problem(mounted: Mounted) -> dict[str, Any]:
    if mounted.resource.family is Family.V1:
        return {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    legacy = {"application/json": {"schema": {"$ref": "#/components/schemas/LegacyProblem"}}}
    readable: dict[str, Any] = {
        MEDIA[name]: {} for name in ("html", "text") if name in mounted.resource.formats
    }
    return legacy | readable
