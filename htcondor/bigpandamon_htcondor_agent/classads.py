r"""Readers of ClassAds as HTCondor's files and tools write them.

Each yields (place, ad or Unreadable) in the order of the file and holds one record at a time. A record that
cannot be read never stops the next. Streams are text; open files with errors="replace".
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import TextIO

from bigpandamon_htcondor_agent.values import TOKEN, Ad, Expression, Unreadable, Value, attributes, put, split

Found = tuple[str, Ad | Unreadable]
LONGEST = 4_000_000
"""Characters of a record; the largest real ones have some ten thousand."""
CHUNK = 65_536
_SUBMITTED = re.compile(r"\*\* Proc (\d+)\.(\d+):")
_EXPRESSION = re.compile(r"/Expr\((.*)\)/\Z", re.S)


def parse_ad(text: str) -> Ad:
    """The ad of a text with an attribute a line or of one in brackets; Unreadable tells what is wrong."""
    if text.lstrip().startswith("["):
        return _bracketed(text)
    found = Ad()
    for line in text.splitlines():
        if line.strip():
            put(found, line, of_line=True)
    return found


def per_job_history(stream: TextIO) -> Iterator[Found]:
    """The one ad of a file `history.<cluster>.<proc>`."""
    for place, text, _ in _sections(stream, lambda line: False):
        yield place, _read(parse_ad, text)


def history(stream: TextIO) -> Iterator[Found]:
    """The ads of a schedd's history; a banner closes each, so that a last one without is not whole yet."""
    for place, text, banner in _sections(stream, lambda line: line.startswith("***")):
        yield place, _read(parse_ad, text) if banner else Unreadable("no banner closes the record")


def submit_ad(stream: TextIO) -> Iterator[Found]:
    """The ads that `condor_submit -verbose` prints, each after a line with its number."""
    number: tuple[str, ...] = ()
    for place, text, banner in _sections(stream, lambda line: bool(_SUBMITTED.match(line))):
        if number or not banner:
            found = _read(parse_ad, text)
            if isinstance(found, Ad):
                _complete(found, number)
            yield place, found
        submitted = _SUBMITTED.match(banner)
        number = submitted.groups() if submitted else ()


def _complete(ad: Ad, number: tuple[str, ...]) -> None:
    for name, written in zip(("ClusterId", "ProcId"), number, strict=False):
        if name not in ad:
            ad[name] = int(written)


def json_ads(stream: TextIO) -> Iterator[Found]:
    """The ads of `condor_q -json`, `-jsonl` and `condor_history`; an empty answer has none."""
    for place, text in _balanced(stream, "{"):
        yield place, _read(_of_json, text)


def dag_status(stream: TextIO) -> Iterator[Found]:
    """The ads in brackets of a `*.node_status`: DagStatus, a NodeStatus each, StatusEnd."""
    for place, text in _balanced(stream, "["):
        yield place, _read(_bracketed, text)


def _read(reader: Callable[[str], Ad], text: str) -> Ad | Unreadable:
    if len(text) > LONGEST:
        return Unreadable(f"the record has more than {LONGEST:,} characters")
    try:
        return reader(text)
    except Unreadable as reason:
        return reason


def _bracketed(text: str) -> Ad:
    bare = "".join(split(text, "")).strip()
    if not bare.startswith("[") or not bare.endswith("]"):
        raise Unreadable(f"no ad in brackets: {text.strip()[:60]}")
    return attributes(bare[1:-1])


def _sections(stream: TextIO, closes: Callable[[str], bool]) -> Iterator[tuple[str, str, str]]:
    """Place, text and closing line ("" at the end) of what stands between lines that close."""
    begin, number, size = 1, 0, 0
    lines: list[str] = []
    while line := stream.readline(LONGEST):
        number += 1
        if closes(line):
            yield f"line {begin}", "".join(lines), line
            begin, size, lines = number + 1, 0, []
        elif size <= LONGEST:
            size += len(line)
            lines.append(line)
    if any(map(str.strip, lines)):
        yield f"line {begin}", "".join(lines), ""


def _balanced(stream: TextIO, opening: str) -> Iterator[tuple[str, str]]:
    """Place and text of what the bracket opens at the outermost level; of a stream without any, its words."""
    scan = _Scan(opening)
    while chunk := stream.read(CHUNK):
        yield from scan.feed(chunk)
    yield from scan.end()


class _Scan:
    """Looks for records in a text that comes in chunks.

    A bracket at the beginning of a line opens one whatever is still open: the record before lost its end.
    """

    def __init__(self, opening: str) -> None:
        self.opening, self.depth, self.begin, self.searched = opening, 0, 0, 0
        self.text, self.before = "", "\n"
        self.line, self.counted = 1, 0
        self.found, self.words = False, ""

    def feed(self, chunk: str) -> Iterator[tuple[str, str]]:
        self.text += chunk
        for token in TOKEN.finditer(self.text, self.searched):
            if token.end() == len(self.text) and token[0][0] in '"/':
                break  # it may go on in the next chunk
            self.searched = token.end()
            yield from self._take(token[0], token.start())
        if self.depth and len(self.text) - self.begin > LONGEST:
            yield self._record(len(self.text))
        self._forget()

    def end(self) -> Iterator[tuple[str, str]]:
        if self.depth:
            yield self._record(len(self.text))
        elif not self.found and self.words:
            yield "line 1", self.words

    def _take(self, found: str, start: int) -> Iterator[tuple[str, str]]:
        before = self.text[start - 1] if start else self.before
        if found == self.opening and (not self.depth or before == "\n"):
            if self.depth:
                yield self._record(start)
            self.begin, self.depth = start, 1
        elif self.depth:
            self.depth += (found in "[{") - (found in "]}")
            if not self.depth:
                yield self._record(self.searched)

    def _record(self, end: int) -> tuple[str, str]:
        self.line += self.text.count("\n", self.counted, self.begin)
        self.counted, self.depth, self.found = self.begin, 0, True
        return f"line {self.line}", self.text[self.begin : end]

    def _forget(self) -> None:
        """Let go of what no record needs any more."""
        upto = self.begin if self.depth else self.searched
        if not self.found and not self.words:
            self.words = self.text[: self.begin if self.depth else None].strip(" \r\n\t[],")[:80]
        if not self.depth and len(self.text) - upto > LONGEST:
            upto = len(self.text)
        if upto:
            self.line += self.text.count("\n", self.counted, upto)
            self.before, self.text = self.text[upto - 1], self.text[upto:]
            self.searched, self.counted, self.begin = max(self.searched - upto, 0), 0, 0


def _of_json(text: str) -> Ad:
    try:
        found = json.loads(text, object_pairs_hook=_json_ad, parse_constant=Expression)
    except (ValueError, RecursionError) as reason:
        raise Unreadable(f"no JSON: {reason}") from reason
    if not isinstance(found, Ad):
        raise Unreadable("no object")
    return found


def _json_ad(pairs: list[tuple[str, Value]]) -> Ad:
    return Ad((name, _json_value(found)) for name, found in pairs if found is not None)


def _json_value(found: Value) -> Value:
    if isinstance(found, list):
        return [_json_value(item) for item in found]
    written = _EXPRESSION.match(found) if isinstance(found, str) else None
    return Expression(written[1]) if written else found
