"""COMPASS experiment, its production on the JINR PanDA and Frontera."""

from bigpandamon_core.plugin import Plugin


class Compass(Plugin):
    """Identity, and the names that core must never say."""

    name = "compass"
    title = "COMPASS"
    api = 1
    words = ("compass", "jinr", "frontera")
