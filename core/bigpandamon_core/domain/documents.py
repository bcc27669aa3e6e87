"""Documents (mappings from keys to JSON values): what differs between two, and one from the other by that."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

OLD, NEW = "old", "new"
Document = Mapping[str, Any]
Difference = Mapping[str, Mapping[str, Any]]
"""By key `{"old": …, "new": …}`; without the one or the other where the key was or is not there."""


def canonical(value: Any) -> str:
    """The same text for the same JSON value. Unlike `==` it tells 1, 1.0 and true apart."""
    return json.dumps(value, sort_keys=True)


def digest_of(document: Document) -> str:
    """32 hexadecimal digits."""
    return hashlib.blake2b(canonical(document).encode(), digest_size=16).hexdigest()


def difference(old: Document, new: Document) -> Difference:
    """What turns one document into the other."""
    keys = sorted(key for key in {*old, *new} if _told(old, key) != _told(new, key))
    return {
        key: {name: document[key] for name, document in ((OLD, old), (NEW, new)) if key in document}
        for key in keys
    }


def _told(document: Document, key: str) -> str:
    return canonical(document[key]) if key in document else ""
