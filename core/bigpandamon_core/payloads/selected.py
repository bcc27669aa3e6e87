"""Records that a request selects: what the answers about all nouns have in common."""

from collections.abc import Collection

from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.selection import Selection
from bigpandamon_core.payloads.call import Call
from bigpandamon_core.payloads.optional import WithOptionalParts


class Selected(WithOptionalParts):
    """truncated: what was cut, in words. unknown_fields: what `fields` names and the answer does not know."""

    def __init__(self, call: Call, selection: Selection):
        super().__init__()
        self.call = call
        self.selection = selection
        self.truncated = ""
        self.unknown_fields: tuple[str, ...] = ()

    @property
    def shown(self) -> Selection:
        """The request as it came: what pages show and kept answers are known by. It differs from the
        selection where a builder asks for records in other words."""
        return self.selection

    @property
    def ignored(self) -> tuple[str, ...]:
        """Parameters that mean nothing there, and of some the words that nothing is known by."""
        doubts = (f"{doubt.parameter}={doubt.value}" for doubt in self.shown.doubts)
        return (*self.shown.ignored, *doubts, *(f"fields={name}" for name in self.unknown_fields))

    @property
    def without_effect(self) -> list[str]:
        """The same as a page tells it, doubts apart."""
        return [*self.shown.ignored, *(f"{name} of fields" for name in self.unknown_fields)]

    def note_unknown_fields(self, known: Collection[str]) -> None:
        """What `fields` names and the representation does not know."""
        self.unknown_fields = tuple(name for name in self.selection.fields if name not in known)

    def columns_of(self, known: tuple[str, ...]) -> tuple[str, ...]:
        """The columns that were asked for, all without a wish.

        Raises:
            Problem: `fields` names something that the records do not have (strict calls only).
        """
        self.note_unknown_fields(known)
        if self.call.strict and self.unknown_fields:
            raise Problem(
                f"{self.selection.noun.name.capitalize()} have no field {self.unknown_fields[0][:60]}",
                parameter="fields",
                code="unknown-field",
                remedy="An answer without fields has all there are: its keys are their names.",
            )
        return tuple(name for name in self.selection.fields if name in known) or known
