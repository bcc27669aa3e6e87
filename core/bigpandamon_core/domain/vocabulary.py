"""Names and words that mean nothing where they stand: refused by `/api/v1`, let pass elsewhere."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from bigpandamon_core.domain.conditions import is_literally, is_reversed, takes_nothing
from bigpandamon_core.domain.fields import Field, Kind
from bigpandamon_core.domain.nouns import Asked, Noun
from bigpandamon_core.domain.parameters import SHOWN, WORD_LISTS, values_of
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.text import NOT_SPECIFIED, nearest

NOT, ANY = "!", "*"


@dataclass(frozen=True)
class Doubt:
    """A value that no record can have. instead: what was probably meant, "" if nothing is like it. taken_for:
    what its field takes every unknown word for, "" where that is nothing."""

    parameter: str
    value: str
    instead: str
    taken_for: str = ""


def doubts(parameters: Mapping[str, str], noun: Noun) -> Iterator[Doubt]:
    for name, value in parameters.items():
        declared = noun.field(name.removesuffix(SHOWN))
        if declared:
            for piece in _doubtful(name, value, declared):
                yield Doubt(name, piece, nearest(piece, declared.vocabulary), declared.otherwise)


def _doubtful(name: str, value: str, declared: Field) -> Iterator[str]:
    """The words of a field's parameter that it does not know."""
    if declared.values:
        known = {*declared.values, NOT_SPECIFIED, ""}
        yield from (piece for piece in _pieces(name, value, "|,") if piece not in known)
    elif declared.words:
        known = {word.lower() for word in declared.words}
        pieces = (piece for piece in _pieces(name, value, "|") if piece.lower() not in known)
        yield from (piece for piece in pieces if _means_no_word(declared, piece, name.endswith(SHOWN)))
    elif declared.kind is Kind.TEXT and not name.endswith(SHOWN):
        signs = (piece for piece in _pieces(name, value, "|,") if piece.startswith(NOT) or ANY in piece)
        yield from (piece for piece in signs if is_literally(declared.condition(piece), piece))


def _means_no_word(declared: Field, piece: str, shown: bool) -> bool:
    """Whether a rule makes of a word what it makes of every unknown one."""
    read = declared.condition_shown if shown else declared.condition
    return bool(declared.otherwise) or takes_nothing(read(piece))


def _pieces(name: str, value: str, separators: str) -> list[str]:
    """The words of a parameter; as shown each is a value of its own."""
    if name.endswith(SHOWN):
        return values_of(name, value)
    return value.translate(dict.fromkeys(map(ord, separators), separators[0])).split(separators[0])


def unknown(
    parameters: Mapping[str, str], words: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Parameter, word that it does not know, and those that it does. words: what each may be given."""
    for name in filter(parameters.__contains__, words):
        pieces = parameters[name].split(",") if name in WORD_LISTS else [parameters[name]]
        yield from ((name, piece, words[name]) for piece in pieces if piece not in words[name])


def without_effect(parameters: Mapping[str, str], words: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The known names that are given a word they do not know, those of lists with the word."""
    return tuple(
        f"{name}={word}" if name in WORD_LISTS else name for name, word, _ in unknown(parameters, words)
    )


def refused(parameters: Mapping[str, str], noun: Noun) -> frozenset[str]:
    """The known names that `/api/v1` refuses because of a word they are given."""
    return frozenset(name for name, _, _ in _unknown_words(parameters, noun))


def refuse(parameters: Mapping[str, str], noun: Noun, known: Collection[str]) -> None:
    """Raises Problem: there is a name or a word that means nothing. known: the names that do."""
    for name in sorted(parameters.keys() - known):
        raise _unknown(name, parameters, noun)
    for name, word, words in _unknown_words(parameters, noun):
        raise _illegal(name, word, _instead(name, word, words))


def refuse_words(pairs: Iterable[tuple[str, str]], words: Mapping[str, tuple[str, ...]]) -> None:
    """Raises Problem: there is a word that its parameter does not know. words: what each may be given."""
    given = {name.lower(): value for name, value in pairs}
    for name, word, known in unknown(given, words):
        raise _illegal(name, word, _instead(name, word, known))


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
        yield doubt.parameter, doubt.value, declared.vocabulary if declared else ()
    yield from unknown(parameters, noun.words)
    for name, value in parameters.items():
        declared = noun.field(name.removesuffix(SHOWN))
        for piece in _pieces(name, value, "|") if declared and declared.words else ():
            if declared and piece not in declared.words:
                yield name, piece, declared.words


def _instead(name: str, word: str, words: tuple[str, ...]) -> str:
    if not words:
        return f"{name} is compared to the letter: neither {NOT} nor {ANY} means anything in it."
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


def missing(name: str, needed: str) -> Problem:
    """A parameter says something only beside another that is not there. name: its own, maybe with a word."""
    return Problem(
        f"{name} has no effect without {needed}",
        parameter=name.partition("=")[0],
        code="missing-parameter",
        remedy=f"Add {needed}, or leave {name} out.",
    )


def _unknown(name: str, parameters: Mapping[str, str], noun: Noun) -> Problem:
    needed = noun.beside.get(name)
    if needed and needed not in parameters:
        return missing(name, needed)
    near = nearest(name, (*(field.name for field in noun.fields), *noun.steering))
    remedy = f"Did you mean {near}?" if near else "See the list of parameters in /api/v1/openapi.json."
    return Problem(
        f"Unknown parameter {name[:60]}", parameter=name[:60], code="unknown-parameter", remedy=remedy
    )
