# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Nothing from a file becomes HTML of a screen: only texts that stand in the sources
are markup, whatever is put into them is escaped."""

import ast
import re
from pathlib import Path

ADDONS = Path(__file__).resolve().parents[2] / "addons"
# what shows a text as the HTML that it holds
RAW = re.compile(r"t-raw|innerHTML|outerHTML|insertAdjacentHTML|\bmarkup\(")


def files(*endings):
    return [
        path
        for path in sorted(ADDONS.rglob("*"))
        if path.suffix in endings and "tests" not in path.parts
    ]


def markups(tree):
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and (getattr(node.func, "id", "") or getattr(node.func, "attr", "")) == "Markup"
    ]


def is_literal(node):
    """Whether an expression is a text of the source: no value is in it."""
    parts = (ast.Constant, ast.BinOp, ast.Add)
    return all(isinstance(part, parts) for part in ast.walk(node))


def test_there_is_markup():
    found = [path for path in files(".py") if markups(ast.parse(path.read_text()))]
    assert len(found) >= 2


def test_markup_is_of_the_source():
    for path in files(".py"):
        for call in markups(ast.parse(path.read_text())):
            for argument in call.args:
                assert is_literal(argument), f"{path}:{call.lineno}"


def test_no_template_and_no_script_shows_raw_html():
    for path in files(".xml", ".js"):
        assert not RAW.search(path.read_text()), path


def test_no_html_field_is_unsanitised():
    for path in files(".py"):
        assert not re.search(r"sanitize\w*\s*=\s*False", path.read_text()), path
