"""What differences of documents are kept for: the one document from the other."""

from typing import Any

from bigpandamon_core.domain.documents import NEW, OLD, Difference, Document


def applied(document: Document, change: Difference) -> dict[str, Any]:
    """The document after the change."""
    return _replaced(document, change, NEW)


def undone(document: Document, change: Difference) -> dict[str, Any]:
    """The document before the change."""
    return _replaced(document, change, OLD)


def _replaced(document: Document, change: Difference, which: str) -> dict[str, Any]:
    kept = {key: value for key, value in document.items() if key not in change}
    return kept | {key: values[which] for key, values in change.items() if which in values}
