"""The tables of the plugin: operators' lists, and the index of data ids."""
