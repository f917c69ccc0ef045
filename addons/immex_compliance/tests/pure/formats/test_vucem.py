# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Queries for pedimentos: requests against VUCEM's schemas, answers as they come. The
files in ``vucem/`` are the examples of its manual."""

import contextlib
import importlib
import io
import re
import ssl
import sys
import threading
import time
import types
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
    if "immex_addon" not in sys.modules:
        package = types.ModuleType("immex_addon")
        package.__path__ = [str(SERVICES.parent)]
        sys.modules["immex_addon"] = package
    return importlib.import_module(f"immex_addon.services.{name}")


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


def told(known, whole="", partida="", trader=""):
    """The collected answers of one partida with more elements in them."""
    content = collected(known, (1,)).decode()
    for end, more in (
        ("importadorExportador>", trader),
        ("pedimento>", whole),
        ("partida>", partida),
    ):
        last = list(re.finditer(rf"</([a-z0-9]+:)?{end}", content))[-1].start()
        content = content[:last] + more + content[last:]
    return content.encode()


RARE = """
<pruebasSuficientes><paisDestino><clave>USA</clave></paisDestino>
  <numeroPedimentoEUCanada>ABC-1</numeroPedimentoEUCanada>
  <pruebaSuficiente>1</pruebaSuficiente>
  <fechaDocumento>2026-10-04-06:00</fechaDocumento></pruebasSuficientes>
<determinacionesContribucionesArticulo303><paisDestino><clave>USA</clave></paisDestino>
  <fraccionArancelaria>85389099</fraccionArancelaria>
  <secuenciaFracionArancelaria>1</secuenciaFracionArancelaria>
  <valorMercanciaNoOriginaria>5000.00</valorMercanciaNoOriginaria>
  <montoIGI>250</montoIGI><moneda><clave>USD</clave></moneda>
  <detalleImportaciones><tasa>2.5</tasa><arancel>13.75</arancel></detalleImportaciones>
  <pagosContribuciones><gravamen><clave>6</clave></gravamen>
    <formaPago><clave>0</clave></formaPago><importe>250</importe></pagosContribuciones>
  <observaciones>ART 303</observaciones></determinacionesContribucionesArticulo303>
<destinatarios><identificadorFiscal>06-1</identificadorFiscal><nombre>ACME</nombre>
  <domicilio><calle>MAIN</calle></domicilio><pais><clave>USA</clave></pais>
</destinatarios>
<transportes><identificador>TRUCK-1</identificador><candados>SEAL-9</candados>
</transportes>
<cuentasAduaneras><institucionEmisora><clave>2</clave></institucionEmisora>
  <numeroCuenta>12345</numeroCuenta><fechaConstancia>2026-10-01-06:00</fechaConstancia>
  <tipoCuenta>0</tipoCuenta><totalGarantia>99.50</totalGarantia></cuentasAduaneras>
<compensaciones><patenteOriginal>973</patenteOriginal>
  <pedimentoOriginal>50972</pedimentoOriginal>
  <aduanaOriginal><clave>70</clave></aduanaOriginal>
  <gravamen><clave>1</clave></gravamen><monto>77.00</monto></compensaciones>
<documentosPago><formaPago><clave>4</clave></formaPago>
  <institucionEmisora>BANCO</institucionEmisora><numeroDocumento>D-1</numeroDocumento>
  <importeTotal>1000</importeTotal></documentosPago>
<diferenciasContribuciones><claveGravamen><clave>3</clave></claveGravamen>
  <importePago>12</importePago><formaPago><clave>0</clave></formaPago>
</diferenciasContribuciones>
<pedimentoComplemetario><clavedocumento><clave>CT</clave></clavedocumento>
  <rfcImportadorExportador>ADN150203AB1</rfcImportadorExportador>
</pedimentoComplemetario>
"""
RARE_PARTIDA = """
<datosVeiculos><vin>3VW1</vin><kilometraje>10</kilometraje></datosVeiculos>
<cuentasAduaneras><numeroCuenta>777</numeroCuenta></cuentasAduaneras>
<gravamenes><claveGravamen><clave>6</clave></claveGravamen><contribucionAmparoArt303TLC>
  <valorMercanciaNoOriginaria>5000</valorMercanciaNoOriginaria><montoIGI>250</montoIGI>
</contribucionAmparoArt303TLC></gravamenes>
"""


def test_rare_records(known):
    """What M3 has a record for is told as one."""
    known.samples[0].partidas = 1
    (document,), reader = read(told(known, RARE, RARE_PARTIDA))
    assert not [issue.text for issue in reader.issues]
    assert not check_document(document)
    found = {
        ("302", "pedimento_eua_can"): "ABC-1",
        ("302", "fecha"): date(2026, 10, 4),
        ("351", "valor_no_originario"): 5000,
        ("351", "partida"): "1",
        ("352", "impuesto"): Decimal("13.75"),
        ("355", "importe"): 250,
        ("358", "observaciones"): "ART 303",
        ("520", "calle"): "MAIN",
        ("516", "candado"): "SEAL-9",
        ("508", "total_garantia"): Decimal("99.5"),
        ("513", "pedimento_original"): "0050972",
        ("513", "importe"): 77,
        ("514", "dependencia"): "BANCO",
        ("702", "importe"): 12,
        ("301", "clave"): "CT",
    }
    for (kind, name), value in found.items():
        (record,) = document.of(kind)
        assert record[name] == value, (kind, name)
    (partida,) = document.partidas
    assert partida.of("552")[0]["vin"] == "3VW1"
    assert partida.of("555")[0]["cuenta"] == "777"
    assert document.of("353")[0]["igi"] == 250
    # packages are told of the whole
    assert [record["bultos"] for record in document.of("502")] == [1]


def test_what_has_no_place_is_told(known):
    """A warning for each, and never an error."""
    known.samples[0].partidas = 1
    more = """<previoConsolidado><tipoOperacion>1</tipoOperacion></previoConsolidado>
        <nuevo>algo</nuevo><vacio/><destinatarios><nombre>ACME</nombre>
        <entidadFederativa>TX</entidadFederativa></destinatarios>
        <cuentasAduaneras><tipoCuenta>GARANTIA</tipoCuenta></cuentasAduaneras>
        <diferenciasContribuciones><importePago>1.5</importePago>
        </diferenciasContribuciones>"""
    office = "<aduanaDespacho><clave>43</clave></aduanaDespacho>"
    (document,), reader = read(told(known, more, "<otro>x</otro>", office))
    assert {issue.severity for issue in reader.issues} == {"warning"}
    assert {
        issue.params["element"]: issue.params["value"] for issue in reader.issues
    } == {
        "previoConsolidado": "1",
        "nuevo": "algo",
        "destinatarios, entidadFederativa": "TX",
        "cuentasAduaneras, tipo_cuenta": "GARANTIA",
        "diferenciasContribuciones, importe": "1.5",
        "diferenciasContribuciones": "1.5",
        "importadorExportador, aduanaDespacho": "43",
        "partida, otro": "x",
    }
    assert not check_document(document)


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


def test_day_of_payment(known):
    whole = ask(known, "ConsultarPedimentoCompletoService")
    assert vucem.payment_date(whole) == date(2026, 10, 5)
    (payment,) = (
        node
        for node in whole.iter("{*}fechas")
        if node.findtext("{*}tipo/{*}clave") == "2"
    )
    payment.getparent().remove(payment)
    assert vucem.payment_date(whole) is None
    # the manual's own has no dates at all
    assert vucem.payment_date(example("consultarPedimentoCompletoRespuesta_1")) is None


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
        ("server_fault", "unclear"),
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
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
    usual = ssl.create_default_context().security_level
    assert usual > 0
    assert context.security_level == (0 if old else usual)


def test_reasons_of_the_peer_are_explained(known):
    name = "ConsultarPedimentoCompletoService"
    with VucemPeer({RFC: KEY}, known) as peer:
        values = {"peticion": PETITION}
        assert "new key" in reasons.explain(send(peer, name, values, "wrong").reason)
        for manner, words in (
            ("silence", "silent"),
            ("html", "out of service"),
            ("http500", "out of service"),
            ("server_fault", "out of service"),
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
