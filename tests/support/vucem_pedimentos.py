# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The queries for pedimentos as VUCEM would answer them: services of the test peer.

Every request is validated against VUCEM's schemas. The answers are as lenient as the
real ones: dates with a zone, offices without zeros, no ``subdivisionFraccion`` where
there is none.
"""

from datetime import date
from pathlib import Path

from lxml import etree

try:
    from .vucem_cove import Refused
except ImportError:
    from vucem_cove import Refused

WSDL = (
    Path(__file__).resolve().parents[2]
    / "addons/immex_compliance/services/wsdl/pedimentos"
)
WS = "http://www.ventanillaunica.gob.mx/pedimentos/ws/oxml/"
COMMON = WS + "comunes"
BASE = "http://www.ventanillaunica.gob.mx/common/ws/oxml/respuesta"
NOTHING = "No hay información para la búsqueda solicitada"
# service -> (schema, namespace, request element)
QUERIES = {
    "ListarPedimentosService": (
        "ListarPedimentosService.xsd",
        "listarpedimentos",
        "consultarPedimentos",
    ),
    "ConsultarPedimentoCompletoService": (
        "ConsultarPedimentoCompleto.xsd",
        "consultarpedimentocompleto",
        "consultarPedimentoCompleto",
    ),
    "ConsultarPartidaService": (
        "ConsultarPartida.xsd",
        "consultarpartida",
        "consultarPartida",
    ),
    "ConsultarRemesasService": (
        "ConsultarRemesasService.xsd",
        "consultarremesas",
        "consultarRemesas",
    ),
    "ConsultarEstadoPedimentosService": (
        "ConsultarEstadoPedimentosService.xsd",
        "consultarestadopedimentos",
        "consultarEstadoPedimentos",
    ),
}


class Sample:
    """A pedimento that the peer knows, with goods that agree with each other.

    ``number``: (office and section, patente, pedimento), texts of 3, 4 and 7 digits.
    """

    def __init__(self, number, rfc, paid, partidas=2, operation=21430, **changes):
        self.number, self.rfc, self.paid = number, rfc, paid
        self.partidas, self.operation, self.changes = partidas, operation, changes


def _add(parent, namespace, name, value):
    """Append ``name`` with a text, a dict of children, or each of a list of them."""
    for item in value if isinstance(value, list) else [value]:
        node = etree.SubElement(parent, f"{{{namespace}}}{name}")
        if isinstance(item, dict):
            for key, inner in item.items():
                space, _colon, local = key.rpartition(":")
                _add(node, COMMON if space else namespace, local, inner)
        else:
            node.text = str(item)


def _code(code, words="X", prefix=""):
    return {f"{prefix}clave": code, f"{prefix}descripcion": words}


class PedimentoServices:
    """``samples``: what is known; ``broken``: (service, partida or None) -> what goes
    wrong in its next answer: an error text, or "wrong" for a text in place of a number.

    ``folder``: its files ``<service>-<aduana>-<patente>-<pedimento>[-<partida>].xml``
    are answered as they are, bodies or envelopes, whatever the samples say.
    """

    def __init__(self, samples=(), folder=None):
        self.samples = list(samples)
        self.folder = folder and Path(folder)
        self.broken = {}
        self.asked = []
        self.services = {
            "ListarPedimentosService": self.list,
            "ConsultarPedimentoCompletoService": self._kept(self.whole),
            "ConsultarPartidaService": self._kept(self.partida),
            "ConsultarRemesasService": self._kept(self.remesas),
            "ConsultarEstadoPedimentosService": self._kept(self.states),
        }
        self.actions = {
            service: {"": operation + "Peticion"}
            for service, (_schema, _name, operation) in QUERIES.items()
        }
        self._schemas = {}

    def _kept(self, answer):
        """``answer``, unless the folder has one."""

        def service(root, rfc):
            made = answer(root, rfc)
            if not self.folder:
                return made
            name, values = self.asked[-1]
            parts = [values.get(key) for key in ("aduana", "patente", "pedimento")]
            parts = [name, *parts, values.get("numeroPartida")]
            file = self.folder / ("-".join(filter(None, parts)) + ".xml")
            if not file.is_file():
                return made
            kept = etree.parse(str(file)).getroot()
            body = kept.find("{http://schemas.xmlsoap.org/soap/envelope/}Body")
            return kept if body is None else body[0]

        return service

    # request and answer -------------------------------------------------------
    def _request(self, service, root):
        """The validated ``peticion``, and texts by local name of the whole request."""
        schema = QUERIES[service][0]
        if schema not in self._schemas:
            self._schemas[schema] = etree.XMLSchema(etree.parse(str(WSDL / schema)))
        alone = etree.fromstring(etree.tostring(root))
        if not self._schemas[schema].validate(alone):
            raise Refused(f"env:Client {self._schemas[schema].error_log[0].message}")
        values = {
            etree.QName(node).localname: node.text for node in alone.iter() if node.text
        }
        self.asked.append((service, values))
        return values

    def _answer(self, service, error=None):
        _schema, name, operation = QUERIES[service]
        root = etree.Element(
            f"{{{WS}{name}}}{operation}Respuesta",
            nsmap={None: COMMON, "ns2": WS + name, "ns3": BASE},
        )
        _add(root, BASE, "tieneError", "true" if error else "false")
        if error:
            _add(root, BASE, "error", {"mensaje": error})
        return root, WS + name

    def _find(self, values, rfc):
        for sample in self.samples:
            number = (
                values["aduana"].zfill(3),
                values["patente"].zfill(4),
                values["pedimento"].zfill(7),
            )
            if sample.number == number and sample.rfc == rfc:
                known = str(sample.operation)
                return sample if values.get("numeroOperacion", known) == known else None
        return None

    # services -----------------------------------------------------------------
    def list(self, root, rfc):
        service = "ListarPedimentosService"
        values = self._request(service, root)
        if values.get("rfc") != rfc or "fechaInicio" not in values:
            return self._answer(service, "Combinación de parámetros no válida")[0]
        first, last = (
            date.fromisoformat(values[name]) for name in ("fechaInicio", "fechaFin")
        )
        if (last - first).days not in (0, 1):
            return self._answer(service, "El rango de fechas es mayor a 1 día")[0]
        found = [
            sample
            for sample in self.samples
            if sample.rfc == rfc
            and sample.number[0] == values["aduana"]
            and first <= sample.paid <= last
        ]
        error = self.broken.pop((service, None), None)
        if error or not found:
            return self._answer(service, error or NOTHING)[0]
        answer, namespace = self._answer(service)
        for sample in found:
            office, patente, number = sample.number
            _add(
                answer,
                namespace,
                "pedimento",
                {
                    "aduana": _code(str(int(office[:2])), "ADUANA", "c:"),
                    "petente": int(patente),
                    "numeroDocumentoAgente": int(number),
                },
            )
        return answer

    def whole(self, root, rfc):
        service = "ConsultarPedimentoCompletoService"
        sample = self._find(self._request(service, root), rfc)
        error = self.broken.pop((service, None), None)
        if error or sample is None:
            return self._answer(service, error or NOTHING)[0]
        answer, namespace = self._answer(service)
        _add(answer, namespace, "numeroOperacion", sample.operation)
        _add(answer, namespace, "pedimento", self._whole(sample))
        return answer

    def _whole(self, sample):
        day = f"{sample.paid.isoformat()}-06:00"
        home = {
            "calle": "AV. INDUSTRIAL",
            "numeroExterior": "100",
            "ciudadMunicipio": "NUEVO LAREDO",
            "codigoPostal": "88000",
            "pais": "MEXICO",
        }
        office = str(int(sample.number[0]))
        dollars = f"{100 * sample.partidas}.00"
        whole = {
            "pedimento": int(sample.number[2]),
            "encabezado": {
                "tipoOperacion": _code(1, "IMPORTACION"),
                "claveDocumento": _code("IN", "IMPORTACION TEMPORAL"),
                "destino": _code(9, "INTERIOR DEL PAIS"),
                "aduanaEntradaSalida": _code(office),
                "tipoCambio": "17.50000",
                "pesoBruto": "120.500",
                "medioTrasnporteSalida": _code(7),
                "medioTrasnporteArribo": _code(7),
                "medioTrasnporteEntrada": _code(7),
                "valorDolares": dollars,
            },
            "importadorExportador": {
                "rfc": sample.rfc,
                "razonSocial": "EMPRESA DE PRUEBA S.A. DE C.V.",
                "domicilio": home,
                "seguros": "0.00",
                "fletes": "0.00",
                "embalajes": "0.00",
                "incrementables": "0.00",
                "aaduanaDespacho": _code(office),
                "bultos": 1,
                "fechas": [
                    {"fecha": day, "tipo": _code(1, "ENTRADA")},
                    {"fecha": day, "tipo": _code(2, "PAGO")},
                ],
                "pais": _code("MEX", "MEXICO", "c:"),
            },
            "tasas": {
                "contribucion": _code(15, "PRV"),
                "tipoTasa": _code(2, "ESPECIFICO", "c:"),
                "tasaAplicable": "240.0000000000",
                "formaPago": _code(0, "EFECTIVO", "c:"),
                "importe": "240.00",
            },
            "proveedoresCompradores": {
                "identificadorFiscal": "741234567",
                "proveedorComprador": "ACME PARTS INC",
                "domicilio": home,
                "pais": _code("USA", "ESTADOS UNIDOS", "c:"),
            },
            "facturas": {
                "fecha": day,
                "numero": "COVE26ABC1234",
                "terminoFacturacion": _code("FCA"),
                "moneda": _code("USD"),
                "valorDolares": dollars,
                "valorMonedaExtranjera": dollars,
                "identificadorFiscalProveedorComprador": "741234567",
                "proveedorComprador": "ACME PARTS INC",
            },
            "identificadores": {
                "identificadores": {
                    "c:claveIdentificador": _code("IM", "IMMEX", "c:"),
                    "c:complemento1": "1051694",
                }
            },
            "observaciones": "MERCANCIA | NUEVA",
            "partidas": sample.partidas,
        }
        return whole | sample.changes

    def partida(self, root, rfc):
        service = "ConsultarPartidaService"
        values = self._request(service, root)
        sample, number = self._find(values, rfc), int(values["numeroPartida"])
        error = self.broken.pop((service, number), None)
        missing = sample is None or not 1 <= number <= sample.partidas
        if missing or (error and error != "wrong"):
            return self._answer(service, error or NOTHING)[0]
        answer, namespace = self._answer(service)
        _add(answer, namespace, "partida", _partida(number, error == "wrong"))
        return answer

    def remesas(self, root, rfc):
        service = "ConsultarRemesasService"
        if self._find(self._request(service, root), rfc) is None:
            return self._answer(service, NOTHING)[0]
        answer, namespace = self._answer(service)
        _add(
            answer,
            namespace,
            "remesas",
            {"comprobanteVE": "COVE26ABC1234", "remesaAgente": 1, "remesaSA": 1},
        )
        return answer

    def states(self, root, rfc):
        service = "ConsultarEstadoPedimentosService"
        sample = self._find(self._request(service, root), rfc)
        if sample is None:
            return self._answer(service, NOTHING)[0]
        answer, namespace = self._answer(service)
        states = (
            (2, "PAGADO", 0, "BANCO"),
            (3, "PRIMERA SELECCIÓN", 320, "VERDE"),
            (7, "DESADUANADO/CUMPLIDO", 730, "CUMPLIDO"),
        )
        _add(
            answer,
            namespace,
            "pedimento",
            {
                "numeroPrevalidador": 613,
                "descripcionPrevalidador": "PREVALIDADOR",
                "fechaEstado": f"{sample.paid.isoformat()}T18:09:12.000-05:00",
                "estadosPedimento": [
                    {
                        "estado": state,
                        "descripcionEstado": words,
                        "subEstado": sub,
                        "descripcionSubEstado": more,
                        "secuencia": 0,
                    }
                    for state, words, sub, more in states
                ],
            },
        )
        return answer


def _partida(number, wrong):
    duty = {
        "c:claveGravamen": _code(6, "IGI", "c:"),
        "c:tasas": {
            "c:clave": _code(1, "PORCENTUAL", "c:"),
            "c:tasaAplicable": "0.0000",
        },
        "c:importes": {"c:formaPago": _code(9, "EXENTO", "c:"), "c:importe": "0.00"},
    }
    return {
        "c:numeroPartida": number,
        "c:fraccionArancelaria": "85389099",
        "c:subdivisionFraccion": "00",
        "c:descripcionMercancia": f"PARTES PARA INTERRUPTOR {number}",
        "c:unidadMedidaTarifa": _code(1, "KILO", "c:"),
        "c:cantidadUnidadMedidaTarifa": "12.50000",
        "c:unidadMedidaComercial": _code(6, "PIEZA", "c:"),
        "c:cantidadUnidadMedidaComercial": "mil" if wrong else "100.000",
        "c:precioUnitario": "17.50000",
        "c:valorComercial": "1750.00",
        "c:valorAduana": "1750.00",
        "c:valorDolares": "100.00",
        "c:valorAgregado": "0.00",
        "c:metodoValoracion": "VALOR DE TRANSACCION DE LAS MERCANCIAS",
        "c:vinculacion": "NO EXISTE VINCULACION",
        "c:paisOrigenDestino": _code("USA", "ESTADOS UNIDOS", "c:"),
        "c:paisVendedorComprador": _code("USA", "ESTADOS UNIDOS", "c:"),
        "c:gravamenes": duty,
        "c:observaciones": "LOTE 1",
    }
