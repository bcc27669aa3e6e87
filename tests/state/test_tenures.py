"""However leases are taken, renewed, released and lapse: the latest fence alone may write, fences grow with
every tenure, and one who has it keeps others out."""

from datetime import datetime

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bigpandamon_core.state.leases import Lease, LeaseLost, LeaseRow, acquire, fenced, holders, release, renew

pytestmark = [pytest.mark.usefixtures("own"), pytest.mark.slow]
LONG = 60.0
LONG_AGO = datetime(2020, 1, 1)


class Tenures(RuleBasedStateMachine):
    HOLDERS = ("ada", "bob", "eve")

    @initialize()
    def nothing_yet(self):
        LeaseRow.objects.all().delete()
        self.tenures: list[Lease] = []
        self.is_held = False

    @rule(holder=st.sampled_from(HOLDERS))
    def take(self, holder: str):
        before = self.tenures[-1] if self.tenures else None
        lease = acquire("one", holder, LONG)
        if self.is_held and before and before.holder != holder:
            assert lease is None
            return
        assert lease is not None
        same = self.is_held and before is not None
        assert lease.fence == (before.fence if before else 0) + (0 if same else 1)
        if not same:
            self.tenures.append(lease)
        self.is_held = True

    @rule()
    def lapse(self):
        LeaseRow.objects.update(until=LONG_AGO)
        self.is_held = False

    @precondition(lambda self: self.tenures)
    @rule(data=st.data())
    def let_go(self, data: st.DataObject):
        lease = data.draw(st.sampled_from(self.tenures))
        release(lease)
        self.is_held = self.is_held and lease is not self.tenures[-1]

    @precondition(lambda self: self.tenures)
    @rule(data=st.data())
    def extend(self, data: st.DataObject):
        lease = data.draw(st.sampled_from(self.tenures))
        if lease is self.tenures[-1]:
            renew(lease, LONG)
            self.is_held = True
        else:
            with pytest.raises(LeaseLost):
                renew(lease, LONG)

    @invariant()
    def the_latest_alone_writes(self):
        for lease in self.tenures[:-1]:
            with pytest.raises(LeaseLost), fenced(lease):
                pytest.fail("inside a lease that is lost")
        for lease in self.tenures[-1:]:
            with fenced(lease):
                pass
        assert len(holders()) == self.is_held


TestTenures = Tenures.TestCase
