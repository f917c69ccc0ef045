# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The records that few pedimentos have, and what has no place in any of them.

Names are those of VUCEM's schemas, with their spelling mistakes and, where one may be
put right some day, without: ``pedimentoComplemetario``, ``datosVeiculos``,
``secuenciaFracionArancelaria``, ``aaduanaDespacho``. A value that its field cannot hold
is told of, and never makes the pedimento one that is refused.
"""

import re

from lxml import etree

from ..issues import WARNING, Issue, _lt
from ..m3.layout import LAYOUTS
from .tree import address, child, children, day, key, number, original, text

MAX_UNTOLD = 20
SHOWN = 80

# What is read of an element; of the others, sums that the records do not have.
WHOLE = """pedimento encabezado rectificacion importadorExportador tasas
    proveedoresCompradores destinatarios facturas transportes guias identificadores
    cuentasAduaneras descargos compensaciones documentosPago observaciones partidas
    diferenciasContribuciones pruebasSuficientes contenedores
    determinacionesContribucionesArticulo303 pedimentoComplemetario
    pedimentoComplementario"""
HEAD = """tipoOperacion claveDocumento destino aduanaEntradaSalida tipoCambio pesoBruto
    medioTrasnporteSalida medioTrasnporteArribo medioTrasnporteEntrada
    curpApoderadomandatario rfcAgenteAduanalSocFactura valorDolares valorAduanalTotal
    valorComercialTotal"""
TRADER = """rfc curp razonSocial domicilio seguros fletes embalajes incrementables
    aaduanaDespacho aduanaDespacho bultos fechas efectivo otros total pais"""
PARTIDA = """numeroPartida fraccionArancelaria subdivisionFraccion descripcionMercancia
    unidadMedidaTarifa cantidadUnidadMedidaTarifa unidadMedidaComercial
    cantidadUnidadMedidaComercial precioUnitario valorComercial valorAduana valorDolares
    valorAgregado codigoProducto marca modelo metodoValoracion vinculacion
    paisOrigenDestino paisVendedorComprador datosVeiculos datosVehiculos permisos
    identificadores cuentasAduaneras gravamenes observaciones"""
CONSIGNEE = "identificadorFiscal nombre domicilio pais"


class RareRecords:
    """Part of ``Records``: needs its ``_write``, ``office``, ``patente``."""

    def __init__(self):
        self._untold = {}  # element -> what it told

    @property
    def issues(self):
        """A warning for each element that was told and has no place."""
        return [
            Issue(
                WARNING,
                "untold",
                _lt(
                    "VUCEM also told %(element)s (%(value)s), which has no place here."
                ),
                {"element": element, "value": value[:SHOWN]},
            )
            for element, value in list(self._untold.items())[:MAX_UNTOLD]
        ]

    def _leave(self, element, value):
        if value and len(self._untold) < MAX_UNTOLD:
            self._untold.setdefault(element, str(value))

    def _look(self, node, known, path=""):
        """Note the children of ``node`` that nothing is made of."""
        for element in node if node is not None else ():
            if isinstance(element.tag, str):
                name = etree.QName(element).localname
                if name not in known:
                    told = " ".join(" ".join(element.itertext()).split())
                    self._leave(f"{path}{name}", told)

    def _rare(self, record_type, source, **values):
        """Write a record of what its fields can hold; ``source`` names the element."""
        fitting = {}
        for spec in LAYOUTS[record_type].fields:
            value = values.get(spec.name)
            if value in (None, ""):
                continue
            fit = _fit(spec, value)
            if fit != value:
                self._leave(f"{source}, {spec.name}", value)
            if fit != "":
                fitting[spec.name] = fit
        needed = {spec.name for spec in LAYOUTS[record_type].fields if spec.required}
        if needed - {"pedimento"} <= set(fitting):
            self._write(record_type, **fitting)
        else:
            for value in filter(None, values.values()):
                self._leave(source, value)

    # of the whole pedimento ----------------------------------------------------
    def _complementary(self, whole, number_of):
        """301 to 358: what a complementary pedimento determines and pays."""
        for name in ("pedimentoComplemetario", "pedimentoComplementario"):
            for node in children(whole, name):
                self._rare(
                    "301",
                    name,
                    **number_of,
                    clave=key(node, "clavedocumento") or key(node, "claveDocumento"),
                    tipo_cambio=number(node, "tipoCambio"),
                    rfc=text(node, "rfcImportadorExportador"),
                    curp=text(node, "curpImportadorExportador"),
                    nombre=text(node, "razonSocialImportadorExportador"),
                    curp_agente=text(node, "curpApoderadoMandatario"),
                    rfc_cfdi=text(node, "rfcAgenteAduanalSocFactura"),
                )
        for node in children(whole, "pruebasSuficientes"):
            self._rare(
                "302",
                "pruebasSuficientes",
                pais_destino=key(node, "paisDestino"),
                pedimento_eua_can=text(node, "numeroPedimentoEUCanada"),
                prueba_suficiente=text(node, "pruebaSuficiente"),
                fecha=day(node, "fechaDocumento"),
            )
        for node in children(whole, "determinacionesContribucionesArticulo303"):
            self._determination(node)

    def _determination(self, node):
        whose = {
            "pais_destino": key(node, "paisDestino"),
            "fraccion": text(node, "fraccionArancelaria"),
            "partida": text(node, "secuenciaFracionArancelaria")
            or text(node, "secuenciaFraccionArancelaria"),
        }
        self._rare(
            "351",
            "determinacionesContribucionesArticulo303",
            **whose,
            valor_no_originario=number(node, "valorMercanciaNoOriginaria"),
            igi_no_originario=number(node, "montoIGI"),
            impuesto_importacion=number(node, "totalArancelEUCanada"),
            moneda=key(node, "moneda"),
            monto_exento=number(node, "montoExento"),
        )
        for detail in children(node, "detalleImportaciones"):
            self._rare(
                "352",
                "detalleImportaciones",
                **whose,
                umt_eua_can=key(detail, "unidadMedida"),
                cantidad_umt=number(detail, "cantidadUnidadMedida"),
                fraccion_eua_can=text(detail, "fraccionArancelaria"),
                tasa=number(detail, "tasa"),
                impuesto=number(detail, "arancel"),
                moneda=key(detail, "moneda"),
            )
        for payment in children(node, "pagosContribuciones"):
            self._rare(
                "355",
                "pagosContribuciones",
                **whose,
                contribucion=key(payment, "gravamen"),
                forma_pago=key(payment, "formaPago"),
                importe=number(payment, "importe"),
            )
        self._observations("358", text(node, "observaciones"), **whose)

    def _goods_on_the_way(self, whole):
        """Seals of the transports, and consignees."""
        for node in children(whole, "transportes"):
            if text(node, "candados"):
                self._rare(
                    "516",
                    "candados",
                    identificador=text(node, "identificador"),
                    candado=text(node, "candados"),
                )
        for node in children(whole, "destinatarios"):
            self._look(node, CONSIGNEE.split(), "destinatarios, ")
            self._rare(
                "520",
                "destinatarios",
                identificacion=text(node, "identificadorFiscal"),
                nombre=text(node, "nombre"),
                pais=key(node, "pais"),
                **address(child(node, "domicilio")),
            )

    def _packages(self, whole):
        """Their number, once: told of the whole, and a field of its transport."""
        told = text(whole, "importadorExportador", "bultos")
        (spec,) = (spec for spec in LAYOUTS["502"].fields if spec.name == "bultos")
        fit = _fit(spec, told)
        if told != fit:
            self._leave("importadorExportador, bultos", told)
        elif told and not children(whole, "transportes"):
            self._write("502", bultos=told)
        return fit

    def _payments(self, whole):
        for node in children(whole, "cuentasAduaneras"):
            self._rare(
                "508",
                "cuentasAduaneras",
                **_account(node),
                tipo_cuenta=text(node, "tipoCuenta"),
                clave_garantia=text(node, "tipoGarantia"),
            )
        for node in children(whole, "compensaciones"):
            self._rare(
                "513",
                "compensaciones",
                **original(node),
                fecha_original=day(node, "fechaPagoOriginal"),
                contribucion=key(node, "gravamen"),
                importe=number(node, "monto"),
            )
        for node in children(whole, "documentosPago"):
            self._rare(
                "514",
                "documentosPago",
                forma_pago=key(node, "formaPago"),
                dependencia=text(node, "institucionEmisora"),
                folio=text(node, "numeroDocumento"),
                fecha=day(node, "fechaEmision"),
                importe_total=number(node, "importeTotal"),
                saldo=number(node, "saldoDisponible"),
                importe=number(node, "importePedimento"),
            )

    def _differences(self, whole):
        for node in children(whole, "diferenciasContribuciones"):
            self._rare(
                "702",
                "diferenciasContribuciones",
                contribucion=key(node, "claveGravamen"),
                forma_pago=key(node, "formaPago"),
                importe=number(node, "importePago"),
            )

    def _leftovers(self, whole):
        self._look(whole, WHOLE.split())
        self._look(child(whole, "encabezado"), HEAD.split(), "encabezado, ")
        trader = child(whole, "importadorExportador")
        self._look(trader, TRADER.split(), "importadorExportador, ")
        for name in ("aaduanaDespacho", "aduanaDespacho"):
            told = key(trader, name)
            # without its zeros, or its section
            if not self.office.strip("0").startswith(told.strip("0")):
                self._leave(f"importadorExportador, {name}", told)

    # of a partida ----------------------------------------------------------------
    def _vehicles(self, node, whose):
        for name in ("datosVeiculos", "datosVehiculos"):
            for vehicle in children(node, name):
                self._rare(
                    "552",
                    name,
                    **whose,
                    vin=text(vehicle, "vin"),
                    kilometraje=text(vehicle, "kilometraje"),
                )

    def _of_partida(self, node, whose):
        self._look(node, PARTIDA.split(), "partida, ")
        for account in children(node, "cuentasAduaneras"):
            self._leave("cuentasAduaneras, tipoCuenta", text(account, "tipoCuenta"))
            self._rare(
                "555",
                "cuentasAduaneras",
                **whose,
                **_account(account),
                tipo_garantia=text(account, "tipoGarantia"),
            )
        for duty in children(node, "gravamenes"):
            for under in children(duty, "contribucionAmparoArt303TLC"):
                self._rare(
                    "353",
                    "contribucionAmparoArt303TLC",
                    **whose,
                    valor_no_originario=number(under, "valorMercanciaNoOriginaria"),
                    igi=number(under, "montoIGI"),
                )


def _account(node):
    return {
        "institucion": key(node, "institucionEmisora"),
        "cuenta": text(node, "numeroCuenta"),
        "folio_constancia": text(node, "folioConstancia"),
        "fecha_constancia": day(node, "fechaConstancia"),
        "total_garantia": number(node, "totalGarantia"),
        "cantidad_unidades": number(node, "cantidadUMC"),
    }


def _fit(spec, value):
    """``value``, or as much of it as the field holds; "" for nothing of it."""
    if spec.kind == "F":
        return value if hasattr(value, "strftime") else ""
    if spec.kind == "A":
        return value[: spec.size]
    pattern = {
        "K": rf"[0-9]{{1,{spec.size}}}",
        "N": rf"-?[0-9]{{1,{spec.size}}}",
        "D": rf"-?[0-9]{{1,{spec.size}}}(\.[0-9]{{1,{spec.decimals or 1}}})?",
    }[spec.kind]
    return value if re.fullmatch(pattern, value) else ""
