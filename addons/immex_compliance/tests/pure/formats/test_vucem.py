# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Queries for pedimentos: requests against VUCEM's schemas, answers as they come. The
files in ``vucem/`` are the examples of its manual."""

import contextlib
import importlib.util
import io
import ssl
import sys
import threading
import time
from datetime import date
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from immex_formats import vucem
from immex_formats.issues import FormatError
from immex_formats.m3.checks import check_document
from immex_formats.vucem.records import linkage_of, method_of
from lxml import etree

sys.path.append(str(Path(__file__).resolve().parents[5] / "tests"))
from support.vucem_pedimentos import QUERIES, PedimentoServices, Sample  # noqa: E402
from support.vucem_peer import VucemPeer  # noqa: E402

EXAMPLES = Path(__file__).resolve().parent / "vucem"
SERVICES = Path(__file__).resolve().parents[3] / "services"
WSDL = SERVICES / "wsdl" / "pedimentos"
RFC, KEY = "ADN150203AB1", "k" * 64
NUMBER = ("240", "3456", "6000777")
PETITION = {"aduana": "240", "patente": 3456, "pedimento": 6000777}


def service(name):
    """A module of services/ without the add-on's __init__, and Odoo, around it."""
    spec = importlib.util.spec_from_file_location(
        f"immex_service_{name}", SERVICES / f"{name}.py"
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


contract, transport = service("contract"), service("vucem")
reasons = service("reasons")


def example(name):
    return vucem.parse_answer((EXAMPLES / f"{name}.xml").read_bytes())


@pytest.fixture
def known():
    return PedimentoServices([Sample(NUMBER, RFC, date(2026, 10, 5), partidas=3)])


def ask(known, name, **values):
    body = contract.make_body(name, {"peticion": PETITION | values})
    return known.services[name](body, RFC)


def collected(known, numbers=(1, 2, 3)):
    whole = ask(known, "ConsultarPedimentoCompletoService")
    operation = int(vucem.operation_number(whole))
    partidas = [
        ask(
            known,
            "ConsultarPartidaService",
            numeroOperacion=operation,
            numeroPartida=number,
        )
        for number in numbers
    ]
    return vucem.write_collection(*NUMBER, [whole, *partidas])


def read(content):
    reader = vucem.VucemReader(io.BytesIO(content), "vucem.xml")
    return list(reader), reader


# requests ----------------------------------------------------------------------
@pytest.mark.parametrize("name", contract.QUERIES)
def test_a_request_is_valid_by_its_schema(name):
    values = {"peticion": dict(PETITION)}
    if name == "ListarPedimentosService":
        values = {
            "peticion": {
                "aduana": "070",
                "rfc": RFC,
                "fechaInicio": date(2026, 10, 5),
                "fechaFin": date(2026, 10, 5),
            }
        }
    elif name == "ConsultarPartidaService":
        values["peticion"] |= {"numeroOperacion": 21430, "numeroPartida": 1}
    elif name != "ConsultarPedimentoCompletoService":
        values["numeroOperacion"] = 21430
    body = contract.make_body(name, values)
    schema = etree.XMLSchema(etree.parse(str(WSDL / QUERIES[name][0])))
    schema.assertValid(body)
    path, action = transport.locate(name, contract.QUERIES[name][1])
    wsdl = (SERVICES / "wsdl" / contract.QUERIES[name][0]).read_text()
    assert f'"https://www.ventanillaunica.gob.mx{path}"' in wsdl
    assert action == ""


def test_what_must_be_there_is_asked_for():
    with pytest.raises(Exception, match="pedimento"):
        contract.make_body(
            "ConsultarPedimentoCompletoService",
            {"peticion": {"aduana": "240", "patente": 3456}},
        )


def test_contracts_come_from_files_only():
    with pytest.raises(ValueError, match="no file"):
        contract.LocalTransport().load("http://127.0.0.1:1/x.wsdl")


# the manual's examples -----------------------------------------------------------
def test_lists_of_the_manual():
    files = sorted(EXAMPLES.glob("consultarPedimentosRespuesta_*.xml"))
    assert len(files) == 7
    for file in files:
        ((patente, number),) = vucem.read_list(vucem.parse_answer(file.read_bytes()))
        assert patente == "3600"
        assert len(number) == 7


def test_partida_of_the_manual():
    answer = example("consultarPartidaRespuesta_1")
    assert vucem.partida_number(answer) == 1
    whole = ask(
        PedimentoServices([Sample(NUMBER, RFC, date(2026, 10, 5), partidas=1)]),
        "ConsultarPedimentoCompletoService",
    )
    (document,), reader = read(vucem.write_collection(*NUMBER, [whole, answer]))
    (partida,) = document.partidas
    assert not reader.issues
    assert partida.fraccion == "23091001"
    assert partida.record["nico"] is None
    assert partida.record["valor_comercial"] == 53440
    assert partida.record["precio_unitario"] == Decimal("190.857")
    assert (partida.record["umc"], partida.record["umt"]) == ("6", "1")
    assert (partida.record["vinculacion"], partida.record["metodo_valoracion"]) == (
        "0",
        "0",
    )
    assert [line["numero"] for line in partida.of("553")] == ["105342", "105343"]
    assert partida.observations == "COMERCIALIZADO EN CAJAS CON 6 BOTELLAS C/U"


def test_whole_pedimento_of_the_manual_has_no_header():
    answer = example("consultarPedimentoCompletoRespuesta_1")
    assert vucem.operation_number(answer) == "21430"
    with pytest.raises(FormatError) as caught:
        read(vucem.write_collection("070", "3600", "2050961", [answer]))
    assert caught.value.issue.code == "no_header"


def test_states_and_remesas_of_the_manual():
    states, day = vucem.read_states(example("consultarEstadoPedimentosRespuesta_1"))
    assert [(state, sub) for state, sub, _words in states] == [
        ("3", "320"),
        ("7", "710"),
        ("7", "730"),
    ]
    assert day == date(2012, 5, 23)
    remesas = vucem.read_remesas(example("consultarRemesasRespuesta_1"))
    assert remesas == [("xaxx010101000", "0", "0")]


# answers ---------------------------------------------------------------------------
def test_a_pedimento_as_a_document(known):
    (document,), reader = read(collected(known))
    assert (document.aduana_seccion, document.patente, document.pedimento) == NUMBER
    assert document.header["rfc"] == RFC
    assert document.fecha_pago == document.fecha_entrada == date(2026, 10, 5)
    assert [partida.sequence for partida in document.partidas] == [1, 2, 3]
    assert document.of("505")[0]["pais"] == "USA"
    assert document.of("510")[0]["importe"] == 240
    assert document.observations == "MERCANCIA NUEVA"
    assert not document.signed
    assert not reader.issues
    assert not check_document(document)
    assert reader.summary.records == len(document.records)


def test_rectification_and_discharges_have_their_zeros():
    office = {"clave": 70, "descripcion": "CD. JUAREZ"}
    original = {
        "aduanaOriginal": office,
        "claveDocumento": {"clave": "R1", "descripcion": "RECTIFICACION"},
        "fechaPago": "2026-10-05-06:00",
        "pedimentoOriginal": 5000001,
        "patenteOriginal": 973,
        "fechaOriginal": "2025-11-24-06:00",
    }
    discharge = {
        "patenteOriginal": 3600,
        "pedimentoOriginal": 50972,
        "aduanaOriginal": office,
        "fechaPagoOriginal": "2012-10-23-05:00",
        "cantidad": "21081.000",
    }
    sample = Sample(NUMBER, RFC, date(2026, 10, 5), 1, rectificacion=original)
    sample.changes["descargos"] = discharge
    (document,), reader = read(collected(PedimentoServices([sample]), (1,)))
    (record,) = document.of("701")
    assert record["aduana_original"] == "070"
    assert record["patente_original"] == "0973"
    assert record["fecha_original"] == date(2025, 11, 24)
    assert document.of("512")[0]["pedimento_original"] == "0050972"
    assert not reader.issues


def test_a_missing_partida_is_told(known):
    with pytest.raises(FormatError) as caught:
        read(collected(known, (1, 3)))
    assert caught.value.issue.code == "partidas_missing"
    assert caught.value.issue.params["numbers"] == "2"


def test_an_error_of_the_service(known):
    answer = ask(known, "ConsultarPedimentoCompletoService", pedimento=1)
    with pytest.raises(vucem.ServiceError, match="No hay información") as caught:
        vucem.operation_number(answer)
    assert caught.value.nothing_found
    known.broken["ConsultarPedimentoCompletoService", None] = "Fuera de servicio"
    answer = ask(known, "ConsultarPedimentoCompletoService")
    with pytest.raises(vucem.ServiceError, match="Fuera") as caught:
        vucem.partida_numbers(answer)
    assert not caught.value.nothing_found


def test_wrong_types_are_issues(known):
    known.broken["ConsultarPartidaService", 2] = "wrong"
    _documents, reader = read(collected(known))
    (issue,) = [issue for issue in reader.issues if issue.severity == "error"]
    assert (issue.record_type, issue.field_name) == ("551", "cantidad_umc")
    assert issue.params["value"] == "mil"


def test_another_answer_than_asked_for(known):
    answer = example("consultarRemesasRespuesta_1")
    for reading in (vucem.read_list, vucem.operation_number, vucem.partida_number):
        with pytest.raises(FormatError) as caught:
            reading(answer)
        assert caught.value.issue.code == "wrong_answer"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>",
        b"\x00\x01",
        b"<vucem/>",
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><vucem>&x;</vucem>',
        b'<!DOCTYPE a [<!ENTITY x "y">]><vucem aduana="240">&x;<b/></vucem>',
        b"<vucem><a/></vucem>",
        b'<vucem aduana="1"><consultarPedimentoCompletoRespuesta/></vucem>',
    ],
)
def test_hostile(content):
    with pytest.raises(FormatError):
        read(content)


@given(st.data())
def test_whatever_is_changed_is_read_or_refused(data):
    known = PedimentoServices([Sample(NUMBER, RFC, date(2026, 10, 5), partidas=1)])
    root = etree.fromstring(collected(known, (1,)))
    nodes = list(root.iter())
    for _time in range(data.draw(st.integers(1, 4))):
        node = data.draw(st.sampled_from(nodes))
        words = st.characters(exclude_categories=["Cs", "Cc"])
        if data.draw(st.booleans()):
            node.text = data.draw(st.text(words, max_size=300))
        elif node.getparent() is not None:
            node.getparent().remove(node)
    try:
        documents, _reader = read(etree.tostring(root))
    except FormatError:
        return
    assert len(documents) <= 1


def test_words_of_catalogues():
    assert method_of("VALOR DE TRANSACCIÓN DE MERCANCÍAS IDÉNTICAS.") == "2"
    assert method_of("VALOR DE TRANSACCION DE LAS MERCANCIAS") == "1"
    assert method_of("6") == "6"
    assert method_of("OTRO") == ""
    assert linkage_of("NO EXISTE VINCULACION") == "0"
    assert linkage_of("SI EXISTE VINCULACION Y NO AFECTA EL VALOR EN ADUANA") == "1"
    assert linkage_of("SI EXISTE VINCULACION Y AFECTA EL VALOR EN ADUANA") == "2"
    assert linkage_of("SI") == ""


# over HTTP ---------------------------------------------------------------------------
def send(peer, name, values, key=KEY, timeout=(2, 2)):
    path, action = transport.locate(name, contract.QUERIES[name][1])
    body = contract.make_body(name, values)
    return transport.send(peer.address + path, action, body, RFC, key, timeout)


def test_the_peer_over_http(known):
    day = {"fechaInicio": date(2026, 10, 5), "fechaFin": date(2026, 10, 5)}
    with VucemPeer({RFC: KEY}, known) as peer:
        name = "ListarPedimentosService"
        petition = {"aduana": "240", "rfc": RFC}
        outcome = send(peer, name, {"peticion": petition | day})
        assert outcome.kind == transport.ANSWERED
        assert vucem.read_list(outcome.answer) == [NUMBER[1:]]
        day["fechaFin"] = date(2026, 10, 8)
        outcome = send(peer, name, {"peticion": petition | day})
        with pytest.raises(vucem.ServiceError, match="1 día"):
            vucem.read_list(outcome.answer)
        name = "ConsultarPedimentoCompletoService"
        outcome = send(peer, name, {"peticion": PETITION}, "wrong")
        assert outcome.kind == transport.REFUSED
        assert "FailedAuthentication" in outcome.reason
        outcome = send(peer, name, {"peticion": PETITION | {"patente": 123456}})
        assert outcome.kind == transport.REFUSED  # not valid by the schema
        assert "patente" in outcome.reason


@pytest.mark.parametrize(
    ("manner", "kind"),
    [
        ("http500", "unclear"),
        ("html", "unclear"),
        ("truncated", "unclear"),
        ("reset", "unclear"),
        ("silence", "unclear"),
        ("fault", "refused"),
    ],
)
def test_the_peer_misbehaves(known, manner, kind):
    with VucemPeer({RFC: KEY}, known) as peer:
        peer.misbehave = [manner]
        name = "ConsultarPedimentoCompletoService"
        outcome = send(peer, name, {"peticion": PETITION}, timeout=(1, 0.5))
        assert outcome.kind == kind
        assert send(peer, name, {"peticion": PETITION}).kind == transport.ANSWERED


class Drip(BaseHTTPRequestHandler):
    """Sends a byte now and then, and never comes to an end."""

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()
        with contextlib.suppress(OSError):
            while True:
                self.wfile.write(b" ")
                time.sleep(0.005)

    def log_message(self, *arguments):
        """Nothing."""


def test_an_answer_that_drips_is_given_up(monkeypatch):
    monkeypatch.setattr(transport, "MAX_SECONDS", 0.5)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Drip)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    begun = time.monotonic()
    outcome = transport.send(
        f"http://127.0.0.1:{server.server_port}/", "", etree.Element("a"), RFC, KEY
    )
    server.shutdown()
    server.server_close()
    assert outcome.kind == transport.UNCLEAR
    assert "too long" in outcome.reason
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize("old", [False, True])
def test_old_encryption_is_a_choice(old):
    adapter = transport._Adapter((1, 1), old)
    context = adapter.poolmanager.connection_pool_kw["ssl_context"]
    assert context.verify_mode == ssl.CERT_REQUIRED
    weak = ssl.create_default_context()
    weak.set_ciphers("DEFAULT@SECLEVEL=0")
    usual = ssl.create_default_context()
    wanted = weak if old else usual
    assert context.get_ciphers() == wanted.get_ciphers()
    assert weak.get_ciphers() != usual.get_ciphers()


def test_reasons_of_the_peer_are_explained(known):
    name = "ConsultarPedimentoCompletoService"
    with VucemPeer({RFC: KEY}, known) as peer:
        values = {"peticion": PETITION}
        assert "new key" in reasons.explain(send(peer, name, values, "wrong").reason)
        for manner, words in (
            ("silence", "silent"),
            ("html", "out of service"),
            ("http500", "out of service"),
            ("reset", "connection broke"),
            ("truncated", "connection broke"),
        ):
            peer.misbehave = [manner]
            reason = send(peer, name, values, timeout=(1, 0.4)).reason
            assert words in reasons.explain(reason), reason
    gone = send(peer, name, values)
    assert gone.kind == transport.UNREACHED
    assert "cannot be reached" in reasons.explain(gone.reason)
    assert reasons.explain("otra cosa") == reasons.explain(None) == ""


def test_answers_of_a_folder(known, tmp_path):
    kept = EXAMPLES / "consultarPedimentoCompletoRespuesta_1.xml"
    name = "ConsultarPedimentoCompletoService"
    (tmp_path / f"{name}-240-3456-6000777.xml").write_bytes(kept.read_bytes())
    known.folder = tmp_path
    with VucemPeer({RFC: KEY}, known) as peer:
        outcome = send(peer, name, {"peticion": PETITION})
        assert vucem.operation_number(outcome.answer) == "21430"
        assert vucem.parse_answer(outcome.text.encode()).tag == outcome.answer.tag
