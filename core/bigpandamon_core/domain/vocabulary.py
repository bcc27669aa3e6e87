"""Names and words that mean nothing where they stand: refused by `/api/v1`, let pass elsewhere."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from bigpandamon_core.domain.conditions import is_reversed
from bigpandamon_core.domain.nouns import Asked, Noun
from bigpandamon_core.domain.parameters import SHOWN, values_of
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.text import NOT_SPECIFIED, nearest

NOT = "!"


@dataclass(frozen=True)
class Doubt:
    """A value that no record can have. instead: what was probably meant, "" if nothing is like it."""

    parameter: str
    value: str
    instead: str


def doubts(parameters: Mapping[str, str], noun: Noun) -> Iterator[Doubt]:
    for name, value in parameters.items():
        declared = noun.field(name.removesuffix(SHOWN))
        for piece in _pieces(name, value, "|,") if declared and declared.values else ():
            if declared and piece not in (*declared.values, NOT_SPECIFIED, ""):
                yield Doubt(name, piece, nearest(piece, declared.values))


def _pieces(name: str, value: str, separators: str) -> list[str]:
    """The words of a parameter; as shown each is a value of its own."""
    if name.endswith(SHOWN):
        return values_of(name, value)
    return value.translate(dict.fromkeys(map(ord, separators), separators[0])).split(separators[0])


def without_effect(parameters: Mapping[str, str], noun: Noun) -> tuple[str, ...]:
    """The known names that are given a word they do not know."""
    return tuple(
        name for name, words in noun.words.items() if name in parameters and parameters[name] not in words
    )


def refuse(parameters: Mapping[str, str], noun: Noun, known: Collection[str]) -> None:
    """Raises Problem: there is a name or a word that means nothing. known: the names that do."""
    for name in sorted(parameters.keys() - known):
        raise _unknown(name, noun)
    for name, word, words in _unknown_words(parameters, noun):
        raise _illegal(name, word, _instead(name, word, words))


def refuse_reversed(asked: Iterable[Asked]) -> None:
    """Raises Problem: there is a range that nothing can be in, everywhere: who sees no record would believe
    that there is none."""
    for one in asked:
        if is_reversed(one.condition):
            raise _illegal(one.parameter, one.text, "Give the lower end of the range first.")


def _unknown_words(parameters: Mapping[str, str], noun: Noun) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Parameter, word, and the words it may be given."""
    for doubt in doubts(parameters, noun):
        declared = noun.field(doubt.parameter.removesuffix(SHOWN))
        yield doubt.parameter, doubt.value, declared.values if declared else ()
    for name in without_effect(parameters, noun):
        yield name, parameters[name], noun.words[name]
    for name, value in parameters.items():
        declared = noun.field(name.removesuffix(SHOWN))
        for piece in _pieces(name, value, "|") if declared and declared.words else ():
            if declared and piece not in declared.words:
                yield name, piece, declared.words


def _instead(name: str, word: str, words: tuple[str, ...]) -> str:
    among = f"Give {' or '.join(words) if len(words) < 3 else 'one of ' + ', '.join(words)}."
    if word.startswith(NOT):
        return f"{name} takes no {NOT}: list the others instead, separated by a comma. {among}"
    near = nearest(word, words)
    return f"Did you mean {near}? {among}" if near and len(words) > 1 else among


def _illegal(parameter: str, word: str, remedy: str) -> Problem:
    return Problem(
        f"Illegal value '{word[:60]}' for {parameter}",
        remedy=remedy,
        code="illegal-value",
        parameter=parameter,
    )


def _unknown(name: str, noun: Noun) -> Problem:
    near = nearest(name, (*(field.name for field in noun.fields), *noun.steering))
    remedy = f"Did you mean {near}?" if near else "See the list of parameters in /api/v1/openapi.json."
    return Problem(
        f"Unknown parameter {name[:60]}", parameter=name[:60], code="unknown-parameter", remedy=remedy
    )
