"""A plugin that is in order, and what is told of it when some of its words are not."""

from dataclasses import replace
from typing import Any

from bigpandamon_core.plugin import Access, AnyOf, Field, Plugin, Resource, Section
from bigpandamon_core.plugin.loading import examine
from tests.plugins.monitors import announced, configured


class Right(Plugin):
    """A plugin that is in order."""

    name = "right"
    title = "Right"
    api = 1
    words = ("right",)


RESOURCE = Resource(
    name="right-list",
    path="right/list/",
    help="A list.",
    access=Access.READ,
    build=lambda call: call,
    formats={"json": lambda call: {}},
)
DERIVED = Field("right_kind", "Kind.", column="vo", shown=str, exactly=lambda _: AnyOf(), counted=True)


def showing(**changes) -> dict[str, Any]:
    """The word `sections` with one resource."""
    return {"sections": (Section("right", "Right", (replace(RESOURCE, **changes),)),)}


def mounting(*mounts, **more) -> dict[str, Any]:
    return {"sections": (Section("right", "Right", (), mounts=mounts),), **more}


def complaints(tmp_path, **words) -> list[str]:
    """What is told of a plugin that is in order but for these words, without the file."""
    found = type("Wrong", (Right,), {"__doc__": "Something is wrong.", **words})
    [seen] = examine(configured(tmp_path, {"right": "enabled = true\n"}), [announced(found, "right")])
    assert {mistake.file for mistake in seen.mistakes} <= {__file__}
    assert bool(seen.active) is not bool(seen.mistakes)
    return [str(mistake).removeprefix(f"{__file__}: ") for mistake in seen.mistakes]
