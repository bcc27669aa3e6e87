"""Files of operators as rows: the real ones, counted by their lines, and files that are wrong."""

import json
import re
from io import BytesIO
from pathlib import Path

import pytest

from bigpandamon_core.plugin import Record
from bigpandamon_lsst import models
from bigpandamon_lsst.records import KINDS, MOST_BYTES, yaml_records

pytestmark = pytest.mark.usefixtures("own")
TABLE, REPORTS, QUEUES = KINDS
GOOD = """pandaErrorCode:
    pilot, 1305:
        nan:
            diagMessage: "NaN"
            pipetask: calibrate
            ticket: ["DM-1", "DM-2"]
            resolved: False
            rescue: False
            flavor: "payload"
            intensity: 0.001
"""


def stored(kind, content: str | Path, tmp_path: Path):
    """What the file left: records added, unchanged, completed, refused."""
    file = content if isinstance(content, Path) else tmp_path / f"file{kind.suffixes[0]}"
    if isinstance(content, str):
        file.write_text(content)
    with file.open("rb") as stream:
        read = list(kind.readers[file.suffix](stream))
    records = [one for one in read if hasattr(one, "values")]
    outcome = kind.writer(file).write(records)
    refused = [one for one in read if not hasattr(one, "values")] + outcome.refused
    return (
        outcome.added,
        outcome.completed,
        outcome.unchanged,
        [f"{one.place}: {one.reason}" for one in refused],
    )


def test_the_operators_table(shared, tmp_path):
    """Against a reading of its lines: codes stand at four blanks, names at eight, patterns at twelve."""
    file = shared / "data/panda/errors/rubin_error_code_decisions.yaml"
    text = file.read_text()
    names = re.findall(r"^ {8}(\w+):$", text, re.MULTILINE)
    expected = len(re.findall(r"^ {12}diagMessage:", text, re.MULTILINE))
    assert len(names) == expected > 50
    assert stored(TABLE, file, tmp_path) == (expected, 0, 0, [])
    assert stored(TABLE, file, tmp_path) == (0, 0, expected, [])
    rows = models.Tolerated.objects.all()
    assert sorted(row.name for row in rows) == sorted(names)
    codes = [code for code, line in _with_code(text) if line.startswith("            diagMessage:")]
    assert sorted((row.component, row.code) for row in rows) == sorted(codes)
    for flag in ("resolved", "rescue"):
        said = len(re.findall(rf"^ {{12}}{flag}: True", text, re.MULTILINE))
        assert rows.filter(**{flag: True}).count() == said > 0
    assert rows.filter(intensity=0.001).count() == text.count("            intensity: 0.001\n")


def _with_code(text):
    code = ("", 0)
    for line in text.splitlines():
        if found := re.match(r" {4}(\w+), (\d+):$", line):
            code = ({"trans": "transform"}.get(found[1], found[1]), int(found[2]))
        yield code, line


def test_the_operators_list_by_task(shared, tmp_path):
    file = shared / "data/panda/errors/rubin_errors_example.yaml"
    found = re.findall(r"^(\d+):$|data_id: (\S+)", file.read_text(), re.MULTILINE)
    expected = sorted((int(found[place][0]), found[place + 1][1]) for place in range(0, len(found), 2))
    assert stored(REPORTS, file, tmp_path) == (len(expected), 0, 0, [])
    assert sorted(models.Reported.objects.values_list("jeditaskid", "lfn")) == expected


def test_the_queues(shared, tmp_path):
    file = shared / "data/panda/queues/rubin_harvester_queues_2026.json"
    told = json.loads(file.read_text())
    assert stored(QUEUES, file, tmp_path) == (len(told), 0, 0, [])
    assert dict(models.HarvesterQueue.objects.values_list("name", "limits")) == told


def test_of_the_settings_of_queues_numbers_alone_are_told(rubin_monitor):
    limits = {"maxWorkers": 7, "proxy": "/secrets/proxy.pem", "messenger": {"token": "sesame"}}
    models.HarvesterQueue.objects.create(name="Q", limits=limits)
    for form in ("html", "json", "csv"):
        told = rubin_monitor().get("/lsst/queues/", format=form).content.decode()
        assert "maxWorkers" in told
        assert "secrets" not in told
        assert "sesame" not in told


@pytest.mark.parametrize(
    ("was", "new", "why"),
    [
        ('"NaN"', '"NaN [0-9]+"', "line 3: diagMessage: only .* is special in a pattern, not [0-9]"),
        ('"NaN"', "", "line 3: diagMessage: a text to look for"),
        ("pilot, 1305", "pilot", "line 3: an error code such as pilot, 1305"),
        ("resolved: False", "resolved: perhaps", "line 3: resolved: True or False"),
        ("0.001", "1.5", "line 3: intensity: a share from 0 to 1"),
        ("0.001", ".nan", "line 3: intensity: a share from 0 to 1"),
        ("0.001", "[", "line 11: not YAML: "),
        ("        nan:\n", "        nan: 5\n", "line 4: not YAML: "),
        ("calibrate", "!!python/name:os.system", "line 5: not YAML: could not determine a constructor"),
        ("1305", "9999999999", "line 3: an error code such as pilot, 1305"),
        ("calibrate", '"a\\0b"', "line 3: pipetask: characters that no database keeps"),
        ("calibrate", "a" * 101, "line 3: pipetask: at most 100 characters"),
    ],
)
def test_bad_rows_are_refused_by_line(was, new, why, tmp_path):
    added, _, _, [refused] = stored(TABLE, GOOD.replace(was, new), tmp_path)
    assert added == 0
    assert refused.startswith(why)


def test_a_bad_row_leaves_the_others(tmp_path):
    again = GOOD.partition("\n")[2].replace("1305", "1306").replace("False", "5", 1)
    added, _, _, [refused] = stored(TABLE, GOOD + again, tmp_path)
    assert (added, refused) == (1, "line 12: resolved: True or False")


def test_what_changed_takes_its_place(tmp_path):
    assert stored(TABLE, GOOD, tmp_path)[:3] == (1, 0, 0)
    changed = GOOD.replace("resolved: False", "resolved: True")
    assert stored(TABLE, changed, tmp_path)[:3] == (0, 1, 0)
    [row] = models.Tolerated.objects.all()
    assert (row.resolved, row.tickets) == (True, "DM-1 DM-2")


@pytest.mark.parametrize(
    "content", [b"", b"- 1", b"\xff\xfe\x00", b"{", b"a: &a [*a]", b"[" * 1000, b"x" * (MOST_BYTES + 1)]
)
def test_files_that_are_something_else(content):
    told = list(yaml_records(BytesIO(content)))
    assert all(not hasattr(one, "values") for one in told)
    assert told


def test_import_finds_the_kind(shared):
    from bigpandamon_core.demo.importing import kinds

    files = (
        "errors/rubin_error_code_decisions.yaml",
        "errors/rubin_errors_example.yaml",
        "queues/rubin_harvester_queues_2026.json",
    )
    for kind, name in zip(KINDS, files, strict=True):
        file = shared / "data/panda" / name
        with file.open("rb") as stream:
            first = next(kind.readers[file.suffix](stream))
        assert isinstance(first, Record)
        assert [
            one.name
            for one in (*KINDS, *kinds.KINDS)
            if file.suffix in one.readers and one.recognises(file, first)
        ] == [kind.name]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ('{"A": {"maxWorkers": NaN}}', "the file: not JSON: NaN is no JSON number"),
        ('{"A": {"maxWorkers": 1e400}}', "the file: not JSON: 1e400 is no JSON number"),
        ('{"A": {"status": "\\u0000"}}', "queue A: settings: characters that no database keeps"),
        ('{"A": 5}', "queue A: no settings"),
        ("[]", "the file: no queues by name"),
        ("{", "the file: not JSON"),
    ],
)
def test_bad_queues(content, why, tmp_path):
    added, _, _, [refused] = stored(QUEUES, content, tmp_path)
    assert added == 0
    assert refused.startswith(why)


def test_bad_reports(tmp_path):
    text = "1{0}: [{{panda_err_code: 'pilot, 1', data_id: x}}]\n"
    assert stored(REPORTS, text.format("0" * 18), tmp_path)[3] == [
        "line 1: the number of a task over the list"
    ]
    assert stored(REPORTS, text.format("0" * 17), tmp_path)[0] == 1


def test_of_many_failures_those_of_the_newest_tasks_are_told(own, rubin_monitor):
    from bigpandamon_lsst.models import Reported

    known = {"component": "pilot", "code": 1305, "lfn": "a"}
    Reported.objects.bulk_create(Reported(jeditaskid=number, **known) for number in range(1, 1003))
    told = rubin_monitor().get("/lsst/reported/", json="")
    assert [one["jeditaskid"] for one in told.json()][:2] == [1002, 1001]
    assert told["X-Truncated"] == "only 1,000 are shown"
