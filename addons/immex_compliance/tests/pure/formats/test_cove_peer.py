# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The codecs against the test peer, which computes original strings by itself."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from cove_sample import EXPORT, as_list
from immex_formats import cove, digitization, efirma
from immex_formats.issues import FormatError
from lxml import etree

sys.path.append(str(Path(__file__).resolve().parents[2]))
sys.path.append(str(Path(__file__).resolve().parents[5] / "tests"))
import efirma_make as make  # noqa: E402
from support.vucem_cove import COMMON, COVE, DIG, CoveServices, Refused  # noqa: E402

RFC = "ADN150203AB1"
CERTIFICATE = make.certificate(RFC)
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def signed(text, encoding="utf-8", number=0):
    read = efirma.read_certificate(CERTIFICATE)
    key = efirma.open_key(make.key_file(), make.PASSPHRASE, read)
    if number:
        key = make.private_key(number)
    return cove.SignedPart(CERTIFICATE, text, efirma.sign(key, text, encoding))


def send(peer, comprobante, part=None):
    part = part or signed(cove.original(comprobante))
    receipt = peer.receive(cove.build(comprobante, part), RFC)
    return receipt.findtext(f"{{{COVE}}}numeroDeOperacion")


def ask(peer, number, rfc=RFC):
    part = signed(cove.query_original(number, rfc))
    answer = peer.answer(cove.build_query(number, part), rfc)
    return (
        answer.findtext(f".//{{{COVE}}}eDocument"),
        answer.findtext(f".//{{{COVE}}}mensaje"),
    )


@pytest.mark.parametrize(
    "comprobante",
    [
        EXPORT,
        as_list(True),
        as_list(False),
        replace(EXPORT, remarks="Ñandú & Cía. <9>", query_rfcs=(), patents=()),
        replace(EXPORT, edocument="COVE26ABCDEF1"),
    ],
)
def test_registered(comprobante):
    peer = CoveServices()
    peer.patience = 1
    number = send(peer, comprobante)
    assert ask(peer, number) == (None, None)
    edocument, message = ask(peer, number)
    assert message is None
    assert edocument.startswith("ADEN26" if comprobante.edocument else "COVE26")


def test_refused():
    peer = CoveServices()
    other = signed(cove.original(EXPORT), number=7)
    assert ask(peer, send(peer, EXPORT, other)) == (
        None,
        "Firma Electrónica : Firma inválida",
    )
    changed = signed(cove.original(replace(EXPORT, remarks="")))
    assert "cadena original es inválida" in ask(peer, send(peer, EXPORT, changed))[1]
    latin = signed(cove.original(replace(EXPORT, remarks="Ñ")), "iso-8859-1")
    number = send(peer, replace(EXPORT, remarks="Ñ"), latin)
    assert "Firma inválida" in ask(peer, number)[1]
    peer.refusals = ["País : no existe el pais en el catálogo"]
    assert "País" in ask(peer, send(peer, EXPORT))[1]
    assert "No existe el número de operación" in ask(peer, "1")[1]
    broken = cove.build(EXPORT, signed(cove.original(EXPORT)))
    broken[0].remove(broken[0].find(f"{{{COVE}}}tipoFigura"))
    with pytest.raises(Refused):
        peer.receive(broken, RFC)


def digitize(peer, rfc_consulta="", encoding="iso-8859-1", name="Factura 1"):
    text = digitization.original(RFC, "a@example.com", 170, name, PDF, rfc_consulta)
    root = digitization.build(
        "a@example.com", 170, name, PDF, signed(text, encoding), rfc_consulta
    )
    return peer.digitize(root, RFC)


def number_of(answer):
    return answer.findtext(f".//{{{DIG}}}numeroOperacion")


def query(peer, number):
    text = digitization.query_original(number, RFC)
    return peer.digitize(
        digitization.build_query(number, signed(text, "iso-8859-1")), RFC
    )


@pytest.mark.parametrize("rfc", ["", "OAQ030623UL8"])
def test_digitised(rfc):
    peer = CoveServices()
    number = number_of(digitize(peer, rfc))
    answer = query(peer, number)
    assert answer.findtext(f"{{{DIG}}}eDocument").startswith("017226")
    assert answer.findtext(f".//{{{COMMON}}}tieneError") == "false"


def test_digitisation_refused():
    peer = CoveServices()
    peer.refusals = ["El archivo no cumple con las especificaciones."]
    answer = query(peer, number_of(digitize(peer)))
    assert "no cumple" in answer.findtext(f".//{{{COMMON}}}mensaje")
    text = digitization.original(RFC, "a@example.com", 170, "x", PDF)
    root = digitization.build(
        "a@example.com", 171, "x", PDF, signed(text, "iso-8859-1")
    )
    answer = peer.digitize(root, RFC)
    assert "cadena original" in answer.findtext(f".//{{{COMMON}}}mensaje")


@pytest.mark.parametrize(
    ("pdf", "name", "code"),
    [
        (PDF + b"0" * digitization.MAX_PDF, "x", "pdf_size"),
        (b"MZ", "x", "pdf_form"),
        (PDF[:-8], "x", "pdf_form"),
        (PDF.replace(b"trailer<<>>", b"trailer<</Encrypt 1 0 R>>"), "x", "pdf_locked"),
        (PDF, "../x|y", "pdf_name"),
        (PDF, "", "pdf_name"),
        (PDF, "x" * 51, "pdf_name"),
    ],
)
def test_file_that_would_be_refused(pdf, name, code):
    with pytest.raises(FormatError) as caught:
        digitization.check(pdf, name)
    assert caught.value.issue.code == code
    digitization.check(PDF, "Factura 1")


def test_request_that_does_not_fit():
    with pytest.raises(FormatError):
        digitization.build("a@b.c", "x", "n", PDF, signed("|"))
    assert etree.QName(query(CoveServices(), 5)).namespace == DIG
