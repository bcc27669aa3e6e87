"""How hard property tests try: HYPOTHESIS_PROFILE=ci (the default: the same examples every time), developer
(others each time, what failed is tried first) or soak (long campaigns)."""

import os

from hypothesis import HealthCheck, settings

SLOW = (HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large)

settings.register_profile(
    "ci", deadline=None, derandomize=True, database=None, print_blob=True, suppress_health_check=SLOW
)
settings.register_profile("developer", deadline=None, max_examples=200, suppress_health_check=SLOW)
settings.register_profile(
    "soak", deadline=None, max_examples=5000, print_blob=True, suppress_health_check=SLOW
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def in_campaign(long: int, short: int) -> int:
    """How often, or for how many seconds: in a campaign, and in every other run."""
    return long if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else short
