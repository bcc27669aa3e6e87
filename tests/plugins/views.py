"""Pages of plugins: an instance for each, with its own simulation or saved records, and what to look at."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import urlopen

from tests.browser.instance import ROOT, Instance, World
from tests.plugins.htcondor.world import jobs

SHARED = ROOT.parent / "shared" / "data"
DAG = "JOB first a.sub\nJOB second a.sub\nJOB third a.sub\nPARENT first CHILD second third\n"
PLUGINS = ("htcondor", "lsst", "compass", "atlas")
Views = dict[str, str]


def world(plugin: str, jobs_per_day: int = 1_000) -> World:
    """Of that plugin alone, by its profile if it has one."""
    profile = ROOT / plugin / f"bigpandamon_{plugin}" / "profile.toml"
    return World(jobs_per_day, 13, plugin, profile if profile.exists() else None)


def views(plugin: str, instance: Instance) -> Views:
    """Path of each page by its name; fills in what is imported rather than simulated."""
    return VIEWS[plugin](instance)


def _htcondor(instance: Instance) -> Views:
    ads, dag = instance.folder / "queue.json", instance.folder / "night.dag"
    ads.write_text(json.dumps(list(jobs())), encoding="utf-8")
    dag.write_text(DAG, encoding="utf-8")
    instance.run("import", "htcondor-ads", str(ads))
    instance.run("import", "htcondor-dag", str(dag))
    listed = _told(instance, "/htcondor/jobs/?hours=none&json")["jobs"]
    return {
        "htcondor-jobs": "/htcondor/jobs/?hours=none",
        "htcondor-job": f"/htcondor/job/{quote(listed[0]['GlobalJobId'])}/",
        "htcondor-held": "/htcondor/held/?hours=none",
        "htcondor-pools": "/htcondor/pools/?hours=none",
        "htcondor-dags": "/htcondor/dags/",
        "htcondor-dag": "/htcondor/dag/night/",
    }


def _lsst(instance: Instance) -> Views:
    run = _told(instance, "/lsst/workflows/?days=30&json")[0]["r_name"]
    return {
        "lsst-workflows": "/lsst/workflows/?days=30",
        "lsst-workflow": f"/lsst/workflow/{run}/",
        "lsst-retries": f"/lsst/retries/{run}/",
        "lsst-data": f"/lsst/data/?run={run}",
        "lsst-tolerated": "/lsst/tolerated/",
    }


def _compass(instance: Instance) -> Views:
    production = _told(instance, "/compass/productions/?json")["productions"][0]["production"]
    return {
        "compass-productions": "/compass/productions/",
        "compass-production": f"/compass/production/{quote(production, safe='')}/",
        "compass-batches": "/compass/batches/",
        "compass-tape": "/compass/tape/",
    }


def _atlas(instance: Instance) -> Views:
    """With saved records where they are."""
    for folder in ("tasks", "transfers", "queues"):
        if (SHARED / "panda" / folder).is_dir():
            instance.run("import", "auto", str(SHARED / "panda" / folder))
    pages = ("regions", "activities", "shares", "requests", "carousel", "transfers", "art")
    return {f"atlas-{page}": f"/atlas/{page}/" for page in pages}


def _told(instance: Instance, path: str) -> Any:
    with urlopen(instance.url + path, timeout=60) as answer:  # loopback
        return json.load(answer)


VIEWS: Mapping[str, Callable[[Instance], Views]] = {
    "htcondor": _htcondor, "lsst": _lsst, "compass": _compass, "atlas": _atlas,
}  # fmt: skip
NEEDED: Mapping[str, Path] = {"atlas": SHARED / "panda"}
"""Of plugins that have no simulation what has to be there to look at."""
