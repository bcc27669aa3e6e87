"""Where Django looks for models; one file per noun holds them."""

from bigpandamon_core.state.imports import ImportedFile, ImportedJob

__all__ = ["ImportedFile", "ImportedJob"]
