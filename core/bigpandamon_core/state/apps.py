from django.apps import AppConfig


class StateConfig(AppConfig):
    """The monitor's own tables, in the database `default`."""

    name = "bigpandamon_core.state"
    label = "state"
    verbose_name = "Monitor"
