"""Answers to requests that select nothing: about one record, or about all there is."""

from collections.abc import Iterable

from bigpandamon_core.domain.parameters import refuse_repeated, repeated
from bigpandamon_core.domain.vocabulary import refuse_words
from bigpandamon_core.payloads import scope
from bigpandamon_core.payloads.call import Call
from bigpandamon_core.payloads.optional import WithOptionalParts


class Unselected(WithOptionalParts):
    """ignored: parameters without effect there, `further` ones with them.

    Raises:
        Problem: of a strict call a parameter has no effect or is given several times.
    """

    def __init__(self, call: Call, further: Iterable[str] = ()):
        super().__init__()
        self.call = call
        self.ignored = tuple(sorted({*scope.ignored(call), *further}))
        if call.strict:
            refuse_repeated(repeated(call.parameters))
            refuse_words(call.parameters, call.words)
            scope.refuse_unknown(self.ignored)
