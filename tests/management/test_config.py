"""`bigpandamon config`."""

import json

from bigpandamon_core.config import OPTIONS


def test_every_value_with_its_origin(bigpandamon, file, folder):
    done = bigpandamon("config")
    lines = dict(line.split("  # ") for line in done.stdout.splitlines())
    lines = {shown.strip(): origin for shown, origin in lines.items()}
    assert (done.returncode, done.stderr, len(lines)) == (0, "", len(OPTIONS))
    assert lines[f'paths.state = "{folder}/state"'] == str(file)
    assert lines["jobs.window_hours = 12"] == "default"


def test_one_value(bigpandamon, folder):
    assert (
        bigpandamon("config", "cache.folder").stdout == f'cache.folder = "{folder}/state/cache"  # default\n'
    )


def test_one_table(bigpandamon):
    shown = bigpandamon("config", "logging").stdout.splitlines()
    assert [line.split()[0] for line in shown] == ["logging.format", "logging.level"]


def test_for_programs(bigpandamon, file):
    file.write_text("[cache.points]\njobs = 60\n")
    shown = json.loads(bigpandamon("config", "cache.points", "--json").stdout)
    assert shown == {"cache.points": {"value": {"jobs": 60}, "origin": str(file)}}
    assert set(json.loads(bigpandamon("config", "--json").stdout)) == {option.key for option in OPTIONS}


def test_an_unknown_key(bigpandamon):
    done = bigpandamon("config", "cache.knd")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "There is no option cache.knd. Did you mean cache.kind?\n"


def test_a_faulty_configuration_is_shown_with_its_mistakes(bigpandamon, file):
    file.write_text('[jobs]\nlimit = 0\n[instance]\ntitle = "Ours"\n')
    done = bigpandamon("config", "instance.title")
    assert done.returncode == 2
    assert done.stdout == f'instance.title = "Ours"  # {file}\n'
    assert done.stderr.splitlines() == [
        "The configuration has 1 mistake:",
        f"  {file}: jobs.limit: expected 1 to 10000000, found 0",
        "correct it; `bigpandamon config` shows what is in force",
    ]
