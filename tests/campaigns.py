"""How hard property tests try: HYPOTHESIS_PROFILE=ci (the default: the same examples every time), again
(fewer of them, in `make check` and on a database server: the whole pass on SQLite tries them all), developer
(others each time, what failed is tried first) or soak (long campaigns)."""

import os

from hypothesis import HealthCheck, settings

SLOW = (HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large)

settings.register_profile(
    "ci", deadline=None, derandomize=True, database=None, print_blob=True, suppress_health_check=SLOW
)
USUAL, FEWER = 100, 12
"""Examples of a property in the profiles ci and again."""
settings.register_profile("again", settings.get_profile("ci"), max_examples=FEWER)
settings.register_profile("developer", deadline=None, max_examples=200, suppress_health_check=SLOW)
settings.register_profile(
    "soak", deadline=None, max_examples=5000, print_blob=True, suppress_health_check=SLOW
)


def load(panda: str) -> None:
    """The profile of a run, before the tests are read. panda: the kind of its database."""
    settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if panda == "sqlite" else "again"))


def examples(usual: int) -> int:
    """How many of a property of which `usual` are enough in the profile ci, where one takes long."""
    return max(usual * settings().max_examples // USUAL, 1)


def in_campaign(long: int, short: int) -> int:
    """How often, or for how many seconds: in a campaign, and in every other run."""
    return long if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else short
