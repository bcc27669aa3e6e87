"""Times that MariaDB and MySQL tell are read as their driver reads them."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st


@pytest.mark.once
@given(
    year=st.integers(0, 9999),
    month=st.integers(0, 12),
    day=st.integers(0, 31),
    time=st.times().map(str),
    digits=st.integers(0, 6),
)
@example(year=0, month=0, day=0, time="00:00:00", digits=0)
@example(year=2025, month=2, day=30, time="12:00:00", digits=3)
def test_as_the_driver_reads_them(year: int, month: int, day: int, time: str, digits: int) -> None:
    times = pytest.importorskip("MySQLdb.times", reason="the driver of MariaDB is not installed")
    from bigpandamon_core.panda.backends.mysql.base import moment

    whole, _, part = time.partition(".")
    told = f"{year:04}-{month:02}-{day:02} {whole}"
    if digits:
        told += f".{part.ljust(6, '0')[:digits]}"
    assert moment(told) == times.DateTime_or_None(told)
