"""Which tasks an instance has, and what its configuration may say of them."""

from pathlib import Path

import pytest

from bigpandamon_core import config
from bigpandamon_core.config import ConfigurationErrors
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.schedule import catalogue


@pytest.fixture
def configured(tmp_path: Path):
    def load(text: str) -> config.Configuration:
        file = tmp_path / "bigpandamon.toml"
        file.write_text(f'[paths]\nstate = "{tmp_path}"\n[schedule]\n{text}\n')
        return config.load(file, environ={})

    return load


def test_tasks_are_declared_soundly():
    names = [task.name for task in catalogue.CORE]
    assert len(names) == len(set(names))
    assert all(task.help.endswith(".") for task in catalogue.CORE)
    assert all(task.every_seconds >= 10 and task.limit_seconds > 0 for task in catalogue.CORE)


def test_as_often_as_the_instance_wants(configured):
    found = catalogue.tasks(configured("every = { clean-up = 600 }"))
    assert {task.name: task.every_seconds for task in found} == {
        "warm-up": 60,
        "clean-up": 600,
        "queue-recorder": 300,
    }


def test_what_is_switched_off(configured):
    found = configured('off = ["warm-up", "clean-up"]')
    assert [task.name for task in catalogue.tasks(found)] == ["queue-recorder"]
    with pytest.raises(Problem, match=r"No task warm-up is run here\. There are queue-recorder\."):
        catalogue.task_named("warm-up", found)


def test_names_that_nothing_declares_are_refused_together(configured):
    found = configured('off = ["clean_up"]\nevery = { warm = 60 }\nkeep_days = { queue-change = 1 }')
    told = [str(mistake) for mistake in catalogue.strangers(found)]
    assert [text.split(": ")[1] for text in told] == ["schedule.off", "schedule.every", "schedule.keep_days"]
    assert [text.rpartition("did you mean ")[2] for text in told] == [
        "clean-up?",
        "warm-up?",
        "queue-changes?",
    ]


def test_the_sample_of_an_instance_is_well(configured):
    assert not list(catalogue.strangers(configured('warm_up = ["/", "/jobs/?hours=12"]')))


@pytest.mark.parametrize("address", ["jobs/", "http://elsewhere/", "/a b", "/é", ""])
def test_addresses_to_warm_up_are_paths(configured, address):
    with pytest.raises(ConfigurationErrors, match=r"schedule\.warm_up"):
        configured(f'warm_up = ["{address}"]')
