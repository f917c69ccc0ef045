# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The codecs that read files from outside. A further one is a line of ``CODECS``, with
a file or more in ``corpus/<its name>``.

They are loaded from their folder as ``immex_formats``, without Odoo.
"""

import importlib.util
import io
import itertools
import sys
from collections import deque
from pathlib import Path

HERE = Path(__file__).resolve().parent
FORMATS = HERE.parents[1] / "addons" / "immex_compliance" / "formats"
CORPUS = HERE / "corpus"

if "immex_formats" not in sys.modules:
    spec = importlib.util.spec_from_file_location(
        "immex_formats",
        FORMATS / "__init__.py",
        submodule_search_locations=[str(FORMATS)],
    )
    sys.modules["immex_formats"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sys.modules["immex_formats"])

from immex_formats.datastage import DataStageReader  # noqa: E402
from immex_formats.issues import FormatError  # noqa: E402
from immex_formats.m3 import M3Reader  # noqa: E402
from immex_formats.m3.answer import AnswerReader  # noqa: E402
from immex_formats.m3.checks import check_document  # noqa: E402
from immex_formats.opening import OpeningReader  # noqa: E402
from immex_formats.opening_stock import OpeningStockReader  # noqa: E402
from immex_formats.partfile import PartFileReader  # noqa: E402
from immex_formats.pedimento_xml import PedimentoXmlReader  # noqa: E402
from immex_formats.scccyg import Layout, ScccygReader  # noqa: E402


def _documents(reader):
    for document in reader:
        yield from check_document(document)
    yield from reader.issues


def _rows(reader):
    deque(reader, maxlen=0)
    return reader.issues


def _datastage(stream):
    reader = DataStageReader(stream)
    for table in reader:
        deque(table.rows(), maxlen=0)
    return reader.issues


# name of a codec -> what reads a binary stream and gives its issues
CODECS = {
    "m3": lambda stream: _documents(M3Reader(stream)),
    "pedimento_xml": lambda stream: _documents(PedimentoXmlReader(stream)),
    "partfile": lambda stream: _rows(PartFileReader(stream)),
    "opening": lambda stream: _rows(OpeningReader(stream)),
    "opening_stock": lambda stream: _rows(OpeningStockReader(stream)),
    "datastage": _datastage,
    "m3_answer": lambda stream: _rows(AnswerReader(stream, "m3456001.err")),
    "scccyg": lambda stream: _rows(ScccygReader(stream, Layout())),
}


def read(name, content):
    """Read ``content``; return the fatal issue, or None.

    Whatever is said of the file must be sayable: every message takes its parameters.
    """
    try:
        for issue in itertools.islice(CODECS[name](io.BytesIO(content)), 2000):
            assert issue.text
    except FormatError as error:
        assert error.issue.text
        return error.issue
    return None


def seeds(name):
    """Contents of the corpus of a codec, in the order of their names."""
    return [path.read_bytes() for path in sorted((CORPUS / name).iterdir())]
