"""States as they are shown."""

import pytest

from bigpandamon_core.domain.states import FINAL, job_group, shown_state


@pytest.mark.parametrize("detail", [None, "fg_done", "fg_partial", "fg_stumble"])
@pytest.mark.parametrize("stored", sorted(FINAL))
def test_what_ended_is_shown_as_ended(stored: str, detail: str | None):
    """Fine-grained jobs, too: one that did a part of its work is not about to finish."""
    assert job_group(shown_state(stored, detail)) in ("good", "bad", "ended")
