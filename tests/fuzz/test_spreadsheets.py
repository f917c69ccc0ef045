# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""No name from a file becomes a formula or a link of a workbook, in any module."""

import ast
from pathlib import Path

import pytest

ADDONS = Path(__file__).resolve().parents[2] / "addons"
# what would guess from the text of a cell what it is
GUESSING = {"write", "write_row", "write_column", "write_rich_string"}
SAFE = ("strings_to_formulas", "strings_to_urls")


def sources():
    for path in sorted(ADDONS.rglob("*.py")):
        if "tests" not in path.parts:
            text = path.read_text()
            if "xlsxwriter" in text:
                yield path, ast.parse(text)


def test_there_are_some():
    assert len(list(sources())) >= 2


@pytest.mark.parametrize(
    ("path", "tree"), [(p, t) for p, t in sources()], ids=lambda value: str(value)[-40:]
)
def test_strings_are_strings(path, tree):
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    names = [call.func.attr for call in calls if isinstance(call.func, ast.Attribute)]
    if "Workbook" not in names:
        return
    assert not GUESSING & set(names)
    told = {
        key.value: value.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Dict)
        for key, value in zip(node.keys, node.values, strict=True)
        if isinstance(key, ast.Constant) and isinstance(value, ast.Constant)
    }
    for option in SAFE:
        assert told.get(option) is False, option
