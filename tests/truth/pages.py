"""Pages read as a browser reads them: a small tree of elements, and what a page of jobs says in it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())


@dataclass
class Element:
    """An element with its children; texts are children, too."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Element | str"] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All text inside, as it stands."""
        return "".join(child if isinstance(child, str) else child.text for child in self.children)

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()

    @property
    def href(self) -> str:
        return self.attributes.get("href", "")

    def all(self, tag: str = "", **attributes: str) -> Iterator["Element"]:
        """Elements inside, in their order; `klass` is one of its classes, other attributes are equal."""
        for child in self.children:
            if isinstance(child, Element):
                if child._is(tag, attributes):
                    yield child
                yield from child.all(tag, **attributes)

    def one(self, tag: str = "", **attributes: str) -> "Element":
        """The first of them; AssertionError without any."""
        found = next(self.all(tag, **attributes), None)
        assert found is not None, f"no <{tag}> {attributes}"
        return found

    def _is(self, tag: str, attributes: dict[str, str]) -> bool:
        plain = {name: value for name, value in attributes.items() if name != "klass"}
        return (
            tag in ("", self.tag)
            and all(self.attributes.get(name) == value for name, value in plain.items())
            and ("klass" not in attributes or attributes["klass"] in self.classes)
        )


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Element("")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if tag in (element.tag for element in self.open):
            while self.open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def read(html: str) -> Element:
    builder = _Builder()
    builder.feed(html)
    builder.close()
    return builder.open[0]


@dataclass(frozen=True)
class Counted:
    """A value with the number of jobs that have it and the address of those."""

    value: str
    count: int
    url: str


@dataclass(frozen=True)
class CountedError(Counted):
    """value: `component:code`. sites, tasks, users: where most of the jobs were."""

    sites: tuple[Counted, ...] = ()
    tasks: tuple[Counted, ...] = ()
    users: tuple[Counted, ...] = ()


@dataclass(frozen=True)
class JobsPage:
    """What `/jobs/` says as a page. distinct: values by attribute, those that are not shown included."""

    total: int
    states: tuple[Counted, ...]
    attributes: dict[str, tuple[Counted, ...]]
    distinct: dict[str, int]
    errors: tuple[CountedError, ...]
    rows: tuple[int, ...]
    element: Element


def number(text: str) -> int:
    return int(text.replace(",", "").strip())


def jobs_page(html: str) -> JobsPage:
    """A page of jobs, read."""
    page = read(html)
    sections = {section.attributes["id"].removeprefix("attribute-"): section for section in _attributes(page)}
    tables = list(page.all("table", klass="errors"))
    return JobsPage(
        total=number(page.one("h1").text.split()[0]),
        states=tuple(_state(item) for legend in page.all(klass="legend") for item in legend.all("li")),
        attributes={name: tuple(_values(section)) for name, section in sections.items()},
        distinct={name: number(section.one("h3").one("span").text) for name, section in sections.items()},
        errors=tuple(_error(row) for table in tables for row in table.one("tbody").all("tr")),
        rows=tuple(_rows(page)),
        element=page,
    )


def _attributes(page: Element) -> Iterator[Element]:
    return page.all("section", klass="attribute")


def _state(item: Element) -> Counted:
    return Counted(item.one("span").text, number(item.one("b").text), next(item.all("a"), Element("a")).href)


def _values(section: Element) -> Iterator[Counted]:
    for item in section.one("ul").all("li"):
        if "rest" not in item.classes:
            link = item.one("a")
            yield Counted(link.attributes["title"], number(item.one("span", klass="n").text), link.href)


def _error(row: Element) -> CountedError:
    what = row.one("td", klass="what")
    tops = [tuple(_top(item) for item in top.all("li")) for top in row.all("ul", klass="top-values")]
    count = number(next(row.all("td")).text)
    return CountedError(what.one("code").text, count, what.one("a").href, *tops)


def _top(item: Element) -> Counted:
    link = item.one("a")
    return Counted(link.attributes["title"], number(item.one("span", klass="n").text), link.href)


def _rows(page: Element) -> Iterator[int]:
    for table in page.all("table", id="rows"):
        for row in table.one("tbody").all("tr"):
            yield number(next(row.all("td")).text)
