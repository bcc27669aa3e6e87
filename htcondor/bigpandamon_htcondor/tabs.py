"""The pages of the plugin beside each other."""

from bigpandamon_core.plugin import Call

PAGES = {"jobs": "Jobs", "held": "Held", "dags": "DAGs", "pools": "Schedulers, efficiency"}


def tabs(call: Call, current: str) -> list[dict[str, object]]:
    """The choice among them. current: the one that is shown."""
    return [
        {"text": title, "url": f"{call.root}{name}/", "current": name == current}
        for name, title in PAGES.items()
    ]
