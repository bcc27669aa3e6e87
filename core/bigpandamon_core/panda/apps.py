from django.apps import AppConfig


class PandaConfig(AppConfig):
    """The PanDA tables: somebody else's, never migrated, never written."""

    name = "bigpandamon_core.panda"
    label = "panda"
    verbose_name = "PanDA"
