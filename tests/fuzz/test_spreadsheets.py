# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""No name from a file becomes a formula or a link of a workbook, in any module."""

import ast
import importlib.util
import io
import zipfile
from pathlib import Path
from xml.etree import ElementTree

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


# what a spreadsheet takes for a formula when a text begins so, and what it links
HOSTILE = [
    "=1+1",
    '=HYPERLINK("http://a.example","x")',
    "{=1+1}",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "http://a.example",
    "internal:Sheet1!A1",
    "1e5",
]
NAME = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def module(path):
    """A module of an add-on by its path, without what stands around it."""
    spec = importlib.util.spec_from_file_location(
        f"immex_{Path(path).stem}_alone", ADDONS / path
    )
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


def read_back(stream):
    """The texts of a workbook's cells; there is no formula, link or number in it."""
    texts = []
    with zipfile.ZipFile(stream) as archive:
        assert not [name for name in archive.namelist() if "/_rels/sheet" in name]
        shared = []
        if "xl/sharedStrings.xml" in archive.namelist():
            root = ElementTree.fromstring(archive.read("xl/sharedStrings.xml"))
            shared = ["".join(one.itertext()) for one in root]
        for name in archive.namelist():
            if not name.startswith("xl/worksheets/sheet"):
                continue
            root = ElementTree.fromstring(archive.read(name))
            assert not list(root.iter(f"{NAME}f"))
            assert not list(root.iter(f"{NAME}hyperlink"))
            for cell in root.iter(f"{NAME}c"):
                assert cell.get("t") in ("s", "inlineStr")
                text = "".join(cell.itertext())
                texts.append(shared[int(text)] if cell.get("t") == "s" else text)
    return texts


def plain(text):
    """A text as XML gives it back: it knows one line end."""
    return text.replace("\r", "\n").replace("_x000D_", "\n")


def test_lists():
    """Reconciliation, its work list and the balance with the stock."""
    workbook = module("immex_compliance/models/reconciliation/workbook.py")
    stream = io.BytesIO()
    rows = [(text, text) for text in HOSTILE]
    workbook.write_workbook(stream, "=1+1", [("=2+2", 9), ("@x", 9)], rows)
    texts = [plain(text) for text in read_back(stream)]
    assert texts[:3] == ["=1+1", "=2+2", "@x"]
    assert texts[3:] == [plain(text) for text in HOSTILE for _twice in range(2)]


def test_first_loading(monkeypatch):
    xlsx = module("immex_compliance/models/first_loading/first_loading_xlsx.py")
    field = {"string": "=3+3", "type": "char"}
    monkeypatch.setattr(xlsx, "_field", lambda *_arguments: field)

    def rows(_env, _model, columns, *_others):
        return [[text] * len(columns) for text in HOSTILE]

    monkeypatch.setattr(xlsx, "_rows", rows)

    class Loading:
        class env:  # noqa: N801
            _ = staticmethod(str)

    stream = io.BytesIO()
    xlsx.write_xlsx(Loading, stream)
    texts = [plain(text) for text in read_back(stream)]
    cells = sum(len(columns) for _model, columns, _order in xlsx.SHEETS)
    for text in ("=3+3", *HOSTILE):
        assert texts.count(plain(text)) == cells


def test_every_writer_is_known():
    """A further one gets a test here, as the two above have, or as the reports have in
    immex_reports/tests/pure/test_renderers.py."""
    writers = {path.name for path, _tree in sources() if path.parent != ADDONS}
    assert writers - {"__manifest__.py"} == {
        "first_loading_xlsx.py",
        "workbook.py",
        "xlsx.py",
    }


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
