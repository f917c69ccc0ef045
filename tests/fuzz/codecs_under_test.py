# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What reads what comes from outside. A further one is a line of ``CODECS``, with a
file or more in ``corpus/<its name>``.

The codecs are loaded from their folder as ``immex_formats``, and the doors as
``immex_addon.services``, both without Odoo.
"""

import importlib.util
import io
import itertools
import sys
import types
from collections import deque
from pathlib import Path

HERE = Path(__file__).resolve().parent
ADDON = HERE.parents[1] / "addons" / "immex_compliance"
FORMATS = ADDON / "formats"
CORPUS = HERE / "corpus"

if "immex_formats" not in sys.modules:
    spec = importlib.util.spec_from_file_location(
        "immex_formats",
        FORMATS / "__init__.py",
        submodule_search_locations=[str(FORMATS)],
    )
    sys.modules["immex_formats"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sys.modules["immex_formats"])
if "immex_addon" not in sys.modules:
    package = types.ModuleType("immex_addon")
    package.__path__ = [str(ADDON)]
    sys.modules["immex_addon"] = package

from immex_addon.services import vucem as transport  # noqa: E402
from immex_addon.services.broker import answers, envelope, faults, scan  # noqa: E402
from immex_formats import cove, digitization, efirma, vucem  # noqa: E402
from immex_formats.datastage import DataStageReader  # noqa: E402
from immex_formats.issues import ERROR, FormatError, Issue  # noqa: E402
from immex_formats.m3 import M3Reader  # noqa: E402
from immex_formats.m3.answer import AnswerReader  # noqa: E402
from immex_formats.m3.checks import check_document  # noqa: E402
from immex_formats.opening import OpeningReader  # noqa: E402
from immex_formats.opening_stock import OpeningStockReader  # noqa: E402
from immex_formats.partfile import PartFileReader  # noqa: E402
from immex_formats.pedimento_xml import PedimentoXmlReader  # noqa: E402
from immex_formats.scccyg import Layout, ScccygReader  # noqa: E402

sys.path.append(str(HERE))
from cove_under_test import comprobante_of  # noqa: E402

MIB = 1 << 20
PASSPHRASE = "12345678a"
CONTENT_LIMIT = 64 * MIB
QUERIES = (
    vucem.read_list,
    vucem.operation_number,
    vucem.partida_numbers,
    vucem.partida_number,
    vucem.read_states,
    vucem.read_remesas,
    cove.read_receipt,
    lambda root: cove.read_answer(root, "F-1"),
    digitization.read_receipt,
    digitization.read_answer,
)


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


def _cove(stream):
    comprobante = comprobante_of(stream.read())
    issues = cove.check(comprobante)
    if not issues:
        signed = cove.SignedPart(b"cer", cove.original(comprobante), b"firma")
        cove.build(comprobante, signed)
    return issues


def _fatal(code, text):
    return FormatError(Issue(ERROR, code, "%(text)s", {"text": text}))


def _answer(stream):
    """What VUCEM answers, to any question: one reading at least understands it."""
    outcome = transport._judge(200, stream.read())
    if outcome.answer is None:
        raise _fatal(outcome.kind, outcome.reason)
    understood, failed = False, None
    for query in QUERIES:
        try:
            query(outcome.answer)
            understood = True
        except vucem.ServiceError as error:
            failed = _fatal("service", str(error))
        except FormatError as error:
            failed = failed or error
    if not understood:
        raise failed
    return []


def _key(stream):
    certificate = efirma.read_certificate(seeds("efirma_certificate")[0])
    efirma.open_key(stream.read(), PASSPHRASE, certificate)
    return []


def _certificate(stream):
    certificate = efirma.read_certificate(stream.read())
    efirma.verify(certificate.der, "|a|", b"signature")
    return []


def _pdf(stream):
    """A line with the name, then the document."""
    name, _line, pdf = stream.read().partition(b"\n")
    name = name.decode("latin-1")
    digitization.check(pdf, name)
    text = digitization.original("ADN150203AB1", "a@example.com", 1, name, pdf)
    signed = cove.SignedPart(b"cer", text, b"firma")
    digitization.build("a@example.com", 1, name, pdf, signed)
    return []


def _broker(stream):
    """A request at the endpoint of the brokers, as far as it needs no database; what
    it is answered is XML."""
    try:
        message, _size = envelope.parse(stream, CONTENT_LIMIT)
    except faults.SoapFault as fault:
        assert transport.etree.fromstring(answers.fault(fault)) is not None
        raise _fatal(fault.code, fault.text) from None
    try:
        if message.content is not None:
            kind = message.values.get("kind")
            name = message.values.get("fileName", "")
            scan.scan(
                kind if kind in scan.READERS else "parts", message.content, name, MIB
            )
    finally:
        message.close()
    return []


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
    "vucem": lambda stream: _documents(vucem.VucemReader(stream)),
    "vucem_answer": _answer,
    "cove": _cove,
    "digitization": _pdf,
    "efirma_certificate": _certificate,
    "efirma_key": _key,
    "broker": _broker,
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
