"""Where texts speak of people: names, accounts, certificate subjects."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

NAMES = ("produsername", "username", "user")
"""Columns that hold a user's name."""
NEVER = ("produserid", "dn", "email")
"""Certificate subjects, addresses: absent for anonymous callers."""
NAMELESS = frozenset(
    """schedulerid pilotid modificationhost atlasrelease prodserieslabel prodsourcelabel gshare jobstatus
    maxcpuunit maxdiskunit ipconnectivity minramunit cpuconsumptionunit transexitcode computingsite
    computingelement destinationse grid cloud sourcesite destinationsite transfertype cmtconfig vo pilottiming
    workinggroup processingtype countrygroup specialhandling inputfiletype inputfileproject outputfiletype
    nucleus jobsubstatus resourcetype job_label cpu_architecture_level
    type status procstatus guid md5sum checksum proddblocktoken dispatchdblocktoken destinationdblocktoken
    harvesterid queuename batchid nativestatus jobtype ramunit splitrule storagetoken _table
    resource_name queue_name queue_type queue_function criteria variables
    panda_queue nickname siteid atlas_site gocname panda_site panda_resource rc_site tier state resource_type
    capability workflow harvester country vo_name""".split()
)
"""Columns of texts that the system words itself: queues, nodes, states, labels, releases, shares. Of all
others users' programs, or people, may have written a part."""
SPOKEN = frozenset({"diagmessage"})
"""Columns of texts that may name somebody, in records of which some do not tell whose they are."""
NOT_SHOWN = "(not shown)"

_ATTRIBUTE = r"(?:CN|DC|OU|O|C|L|ST|UID|E|EMAIL|EMAILADDRESS)"
_SUBJECT = re.compile(
    rf"/CN=|(?<![^\W_])(?:CN=[^,=]*,\s*{_ATTRIBUTE}=|{_ATTRIBUTE}=[^,=]*,\s*CN=)", re.IGNORECASE
)
_BEGIN = re.compile(rf"/?(?<![^\W_]){_ATTRIBUTE}=", re.IGNORECASE)
_ENDS = re.compile(r"""(["\n<>;|]|'(?!\w)|(?<!\w)')""")
"""Between texts of which one may be a subject: that holds blanks, commas and the quote of O'Brien."""
_WORD = re.compile(r"[^\W_]+")
_PART = re.compile(r"(?:^|[^a-z0-9_])(?:CN|N|DC|OU|UID)?=", re.IGNORECASE)
_ADDRESS = re.compile(r"(?<![\w.%+-])[\w.%+-]+@[\w-]+(?:\.[\w-]+)+")
ACCOUNT = re.compile(r"(?<=(?<![^\W_])user\.)(?!user-[0-9a-f]{10}(?![\w-]))[\w-]+", re.IGNORECASE)
"""Whose data sets a name is among: those of a user begin with `user.<account>.`"""


class Person(NamedTuple):
    """Whom a record belongs to, as it is stored. subject: of the certificate, or an id of another kind."""

    name: str = ""
    subject: str = ""


NOBODY = Person()


def person_of(row: Mapping[str, Any]) -> Person:
    """The first name and the first subject that a record has."""
    name = row.get("produsername") or row.get("username") or row.get("user")
    return person(name, row.get("produserid") or row.get("dn") or row.get("email"))


@lru_cache(maxsize=4096)
def person(name: object, subject: object) -> Person:
    """Whom these name, each absent where it is not known. Of many rows that follow each other few are about
    other people."""
    return Person(str(name or ""), str(subject or ""))


def without_subjects(text: str) -> str:
    """The text without what looks like a certificate subject, `/DC=…/CN=…` or `CN=…,DC=…`."""
    if "=" not in text or "cn=" not in text.lower() or not _SUBJECT.search(text):
        return text
    return "".join(map(_cut, _ENDS.split(text)))


def _cut(part: str) -> str:
    begin = _BEGIN.search(part) if _SUBJECT.search(part) else None
    return part[: begin.start()] + NOT_SHOWN if begin else part


def without_contacts(value: Any) -> Any:
    """A parsed document without addresses of people; what stands under keys of what is never shown is ""."""
    if isinstance(value, dict):
        return {
            _without_addresses(key): "" if part and key.lower() in NEVER else without_contacts(part)
            for key, part in value.items()
        }
    if isinstance(value, list):
        return [without_contacts(part) for part in value]
    return _without_addresses(value) if isinstance(value, str) else value


def _without_addresses(text: str) -> str:
    return _ADDRESS.sub(NOT_SHOWN, text) if "@" in text else text


def asks_for_subject(text: str) -> bool:
    """Whether it may be a subject or a part of one, as a pattern has it."""
    return bool(_PART.search(text) or _SUBJECT.search(text))


def first_word(name: str) -> str:
    """In lower case; where `whole` finds the name, this is part of the text."""
    return next(iter(_WORD.findall(name)), name).lower()


def may_tell(texts: str, names: Iterable[str], accounts: bool) -> bool:
    """A quick look before a long one: False where there surely is no certificate subject, `whole` surely
    finds none of the names and, if asked, there is no account."""
    if not texts.isascii():
        return True
    lowered = texts.lower()
    if "cn=" in lowered or (accounts and "user." in lowered):
        return True
    return any(all(map(lowered.__contains__, _words(name))) for name in names)


@lru_cache(maxsize=4096)
def _words(name: str) -> tuple[str, ...]:
    """Of a name in lower case, the longest first; none where cases are not those of letters from A to Z."""
    return tuple(sorted(_WORD.findall(name.lower()), key=len, reverse=True)) if name.isascii() else ()


@lru_cache(maxsize=4096)
def whole(text: str) -> re.Pattern[str]:
    """Finds a name as whole words, whatever its case and what stands between them."""
    words = _WORD.findall(text)
    between = r"(?:[\W_]|%[0-9a-f]{2})+"
    inner = between.join(map(re.escape, words)) if words else re.escape(text)
    slash = "/?" if text.startswith("/") else ""
    return re.compile(rf"{slash}(?<![^\W_]){inner}(?![^\W_])", re.IGNORECASE)
