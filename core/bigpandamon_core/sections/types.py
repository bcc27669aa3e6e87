"""The words in which everything that can be shown is declared, by core and by plugins alike."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bigpandamon_core.payloads.call import Call


class Access(StrEnum):
    """Who may see a resource. A resource without a declared access is refused when it is loaded."""

    READ = "read"
    PERSONAL = "personal"
    OPERATE = "operate"
    ADMINISTER = "administer"


class Family(StrEnum):
    """Which conventions an address follows."""

    BIGPANDA = "bigpanda"
    V1 = "v1"


@dataclass(frozen=True)
class Parameter:
    """A request parameter for the documentation. kind: text, integer, number or flag. words: what it may be
    given, () for anything; another word has no effect, as the answer then says, or is refused by `/api/v1`.
    """

    name: str
    help: str
    kind: str = "text"
    where: str = "query"
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Submission:
    """What somebody handed in. body: the JSON of it. account: whose token came with it. method: by which."""

    call: Call
    body: Any
    account: str
    method: str


@dataclass(frozen=True)
class Done:
    """answer: plain values, told as JSON. told: in a few words what was done, for the record of acts."""

    answer: Any
    told: str
    status: int = 200


@dataclass(frozen=True)
class Action:
    """What one method does with JSON in its body, for callers who send a token with the right.

    run: does it, inside a transaction of the own database; a Problem undoes it all. help: one sentence.
    body: the JSON schema of what it takes. answer: the same of what it answers. most_bytes: of a body.
    """

    run: Callable[[Submission], Done]
    help: str
    access: Access = Access.OPERATE
    body: Mapping[str, Any] = field(default_factory=dict)
    answer: Mapping[str, Any] = field(default_factory=dict)
    most_bytes: int = 2_000_000


@dataclass(frozen=True)
class Resource:
    """One address and what it answers.

    path: Django route without a leading slash. help: one sentence. access: who may see it.
    build: makes the payload of a call. formats: by name (html, json, csv, ndjson, text) the function that
    turns the payload into what the renderer of that format takes. template: for html. point: caching point.
    noun: kind of record its parameters are about ("" for none). parameters: those beside the noun's fields.
    also_at: further routes that answer the same. methods: by which it is read. actions: by other methods what
    is done there. family: which conventions it follows.
    json_by_content_type: a request whose Content-Type is JSON gets JSON. must_send: headers, each with the
    value, without which a request is refused.
    answer: schema of its JSON for the documentation. refusal: the same of what it refuses a request with,
    where that is no problem in words. refused_with: the status of that. needs: families of PanDA tables it
    cannot do without. asks: for which of its parameters, in words; without them a request is refused.
    signed_in_by: the option by which it is for callers alone who are signed in, "" for none.
    beside: noun of the one record it shows, where panels of plugins are told beside the page; "" for none.
    The payload has the record's columns as `row` then.
    """

    name: str
    path: str
    help: str
    access: Access
    build: Callable[[Call], Any]
    formats: Mapping[str, Callable[[Any], Any]]
    template: str = ""
    point: str = ""
    noun: str = ""
    parameters: tuple[Parameter, ...] = ()
    also_at: tuple[str, ...] = ()
    methods: tuple[str, ...] = ("GET", "HEAD")
    family: Family = Family.BIGPANDA
    answer: Mapping[str, Any] = field(default_factory=dict)
    refusal: Mapping[str, Any] = field(default_factory=dict)
    refused_with: str = "400"
    needs: tuple[str, ...] = ()
    asks: str = ""
    json_by_content_type: bool = False
    must_send: Mapping[str, str] = field(default_factory=dict)
    signed_in_by: str = ""
    actions: Mapping[str, Action] = field(default_factory=dict)
    beside: str = ""

    @property
    def allowed(self) -> tuple[str, ...]:
        """All methods there are."""
        return (*self.methods, *self.actions)

    @property
    def steering(self) -> frozenset[str]:
        """The names of its parameters that are no part of the address."""
        return frozenset(one.name for one in self.parameters if one.where == "query")


@dataclass(frozen=True)
class Panel:
    """What a plugin tells of one record of core, beside its page.

    name: begins with the plugin's. title: its heading. build: from the call, as the plugin's own pages get
    it, and the record, what is told: groups of facts as `fact_groups` makes them; () where there
    is nothing to tell. A record has its columns; that of a job `taskname` and `files`, too, the rows of its
    files. section: the plugin's, with which it is switched off or restricted.
    """

    name: str
    title: str
    build: Callable[[Call, Mapping[str, Any]], Sequence[Mapping[str, Any]]]
    section: str


@dataclass(frozen=True)
class NavItem:
    """An entry of the navigation. resource: name of the resource it opens."""

    title: str
    resource: str


@dataclass(frozen=True)
class Section:
    """Resources that belong together and are switched on and off together.

    mounts: resources of others that a plugin shows here.
    """

    name: str
    title: str
    resources: tuple[Resource, ...]
    nav: tuple[NavItem, ...] = ()
    mounts: tuple["Mount", ...] = ()


@dataclass(frozen=True)
class Mount:
    """Resources of others shown under a plugin's prefix, on the records inside its scope.

    what: a noun of core, or a section of a plugin that is required. unscoped: must be said when the plugin
    has no scope for it.
    """

    what: str
    unscoped: bool = False


def mount(what: str, unscoped: bool = False) -> Mount:
    """Show core's resources of a noun, or those of a required plugin's section, under the plugin's prefix."""
    return Mount(what, unscoped)
