"""Things by their names, made when they are first met."""

from collections.abc import Callable
from typing import TypeVar

Name = TypeVar("Name")
Thing = TypeVar("Thing")


class Made(dict[Name, Thing]):
    """`Made(User)["ada"]` is `User("ada")`, the same each time. setdefault would make one at every call."""

    def __init__(self, make: Callable[[Name], Thing]):
        super().__init__()
        self._make = make

    def __missing__(self, name: Name) -> Thing:
        self[name] = made = self._make(name)
        return made
