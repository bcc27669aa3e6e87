"""What is known of DAGs into the plugin's tables: nodes by name, each with the newest that is told of it."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from bigpandamon_htcondor.models import Dag, DagNode

Facts = Mapping[str, Any]
ALIAS, STATEMENT_ROWS = "default", 100
FIELDS = ("kind", "state", "retries", "detail", "globaljobid", "began", "ended", "parents")


def put_dag(name: str, now: datetime, told: Facts, attributes: Facts) -> bool:
    """Write what is told of a DAG itself, unless that is older than what is known; whether it changed."""
    with transaction.atomic(using=ALIAS):
        dags = Dag.objects.using(ALIAS)
        known = dags.select_for_update().filter(pk=name).first()
        row = known or Dag(name=name, received=now, attributes="{}")
        observed = told.get("observed")
        if known and observed and known.observed and observed < known.observed:
            return False
        before = {field: getattr(row, field) for field in (*told, "attributes")}
        for field, value in told.items():
            setattr(row, field, value)
        row.attributes = json.dumps(json.loads(row.attributes) | attributes, sort_keys=True)
        if known and before == {field: getattr(row, field) for field in before}:
            return False
        row.received = now
        row.save(using=ALIAS, force_insert=known is None)
    return True


def put_nodes(dag: str, told: Mapping[str, Facts]) -> tuple[int, int]:
    """Write facts about nodes of a DAG, by name; parents are added to those known. How many are new, and how
    many known ones changed."""
    with transaction.atomic(using=ALIAS):
        nodes = DagNode.objects.using(ALIAS)
        found = nodes.select_for_update().filter(dag=dag, name__in=list(told)).order_by("name")
        known = {one.name: one for one in found}
        added = [DagNode(dag=dag, name=name) for name in sorted(told) if name not in known]
        for one in added:
            _take(one, told[one.name])
        changed = [one for one in known.values() if _take(one, told[one.name])]
        nodes.bulk_create(added, batch_size=STATEMENT_ROWS)
        nodes.bulk_update(changed, FIELDS, batch_size=STATEMENT_ROWS)
    return len(added), len(changed)


def _take(row: DagNode, told: Facts) -> bool:
    """Put facts into a row; whether they changed it."""
    facts = dict(told)
    if parents := facts.pop("parents", None):
        facts["parents"] = json.dumps(sorted({*json.loads(row.parents), *parents}))
    changed = {name: value for name, value in facts.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    return bool(changed)
