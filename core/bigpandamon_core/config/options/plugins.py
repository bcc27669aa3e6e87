"""Where plugins are switched on."""

from pathlib import Path

from bigpandamon_core.config.options.option import Option

OPTIONS = (
    Option(
        "plugins.folder",
        Path,
        "plugins.d",
        "Folder of the switch files <plugin>.toml, each with enabled = true and the plugin's own settings. "
        "Relative to the configuration file, /etc/bigpandamon without one.",
    ),
)
