"""The users of a simulated PanDA: a few submit much, many a little."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from random import Random

from bigpandamon_core.demo.simulation.profile import People, Profile
from bigpandamon_core.demo.simulation.records import Row

INITIALS = "ABCDEFGHIJKLMNOPRSTVW"
DAYS = (1, 7, 30)
QUOTA_HOURS = 1000
"""Of CPU time that each may use a day."""


@dataclass(frozen=True, slots=True)
class Person:
    """name: as shown. nick: in names of tasks and datasets. subject: of the certificate."""

    name: str
    nick: str
    subject: str


class Users:
    """service: the account of production. everybody: the others, those who submit most first."""

    def __init__(self, profile: Profile, random: Random) -> None:
        people = profile.people
        self.service = _person("", people.service)
        self.everybody = [_nth(people, number) for number in range(people.count)]
        random.shuffle(self.everybody)
        self._weights = list(accumulate(1 / (place + 2) for place in range(people.count)))

    def choose(self, random: Random) -> Person:
        return random.choices(self.everybody, cum_weights=self._weights)[0]


def quotas(users: Users, vo: str, moment: datetime) -> Iterator[Row]:
    """What each may use, and has used so far: of every person the same in all worlds."""
    for number, person in enumerate(users.everybody, 1):
        busy = Random(person.nick).lognormvariate(-2, 1)
        used = {f"cpua{days}": int(QUOTA_HOURS * 3600 * busy * days**0.8) for days in DAYS}
        allowed = {f"quotaa{days}": QUOTA_HOURS * days for days in DAYS}
        yield {"id": number, "name": person.name, "vo": vo, "latestjob": moment, **used, **allowed}


def _nth(people: People, number: int) -> Person:
    """Surnames repeat with another initial, then with a number."""
    round_, place = divmod(number, len(people.surnames))
    generation, letter = divmod(round_, len(INITIALS))
    initial = INITIALS[(letter + place) % len(INITIALS)]
    surname = people.surnames[place] + (str(generation + 1) if generation else "")
    return _person(initial, surname)


def _person(initial: str, surname: str) -> Person:
    name = f"{initial}. {surname}" if initial else surname
    nick = f"{initial}{surname}".lower()
    return Person(name, nick, f"/DC=org/DC=example/OU=Users/CN={nick}/CN={name}")
