"""What somebody may: everywhere by the groups' roles, and at the sites and in the regions they administer."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from bigpandamon_core.sections.types import Access

LADDER = (Access.READ, Access.PERSONAL, Access.OPERATE, Access.ADMINISTER)
"""Each right implies those before it; the first is everybody's."""
Option = Callable[[str], Any]


class Entitled(Protocol):
    """rights: held everywhere. sites, regions: those administered."""

    @property
    def rights(self) -> frozenset[Access]: ...

    @property
    def sites(self) -> frozenset[str]: ...

    @property
    def regions(self) -> frozenset[str]: ...


def implied(rights: Iterable[Access]) -> frozenset[Access]:
    """The rights with all that they imply."""
    return frozenset(LADDER[: 1 + LADDER.index(highest(rights))])


def highest(rights: Iterable[Access]) -> Access:
    return max(rights, key=LADDER.index, default=Access.READ)


def may(who: Entitled, access: Access, site: str = "", region: str = "") -> bool:
    """Whether somebody has a right, at this site, which lies in this region, if one is named."""
    return access in who.rights or site in who.sites or region in who.regions


@dataclass(frozen=True)
class Grant:
    """What an account may by its groups, or a token by these and its scope."""

    rights: frozenset[Access] = implied(())
    sites: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()

    @property
    def anywhere(self) -> frozenset[Access]:
        """The rights held at one place at least."""
        return implied({Access.ADMINISTER}) if self.sites or self.regions else self.rights

    def within(self, scope: Iterable[Access]) -> "Grant":
        """What is left of it for a token: only one that may administer does so at a place."""
        kept = implied(scope)
        if Access.ADMINISTER in kept:
            return self
        return Grant(self.rights & kept)


def granted(groups: Iterable[str], option: Option) -> Grant:
    """What members of these groups may."""
    mine = frozenset(groups)
    roles = {access for access in LADDER[1:] if mine.intersection(option(f"accounts.roles.{access}"))}
    return Grant(
        implied(roles),
        _places(option("accounts.site_roles"), mine),
        _places(option("accounts.region_roles"), mine),
    )


def _places(roles: Mapping[str, Iterable[str]], groups: frozenset[str]) -> frozenset[str]:
    return frozenset(place for place, named in roles.items() if place and groups.intersection(named))
