"""The truth is computed without the program: from the files, with the standard library."""

import ast
import sys
from pathlib import Path

import pytest

COMPUTING = ("attributes", "awkward", "columns", "comparing", "errors", "pages", "records")


@pytest.mark.parametrize("name", COMPUTING)
def test_what_computes_the_truth_imports_nothing_of_the_program(name: str) -> None:
    tree = ast.parse((Path(__file__).parent / f"{name}.py").read_text("utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert all(
        module.split(".")[0] in sys.stdlib_module_names
        or module.startswith("tests.truth.")
        or module == "tests.truth"
        for module in imported
    )
