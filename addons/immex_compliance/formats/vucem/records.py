# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The answers of a pedimento as records of the validation file.

Both are the fields of Anexo 22. VUCEM has less: what it does not tell stays empty, and
its words for valuation method and relation of the parties become their keys.
"""

import re
import unicodedata

from .rare_records import RareRecords
from .tree import address, child, children, day, key, number, original, text

# Appendix 11, by what tells one method from the others
METHODS = (
    ("EXPORTACION", "0"),
    ("IDENTICAS", "2"),
    ("SIMILARES", "3"),
    ("PRECIO UNITARIO", "4"),
    ("RECONSTRUIDO", "5"),
    ("ULTIMO RECURSO", "6"),
    ("TRANSACCION", "1"),
)
DATE = "%d%m%Y"
CHUNK = 120


def plain(words):
    """Upper case without accents, to compare words."""
    split = unicodedata.normalize("NFD", words.upper())
    return re.sub(r"[^A-Z0-9 ]", "", split)


def method_of(words):
    """Key of a valuation method told in words, or as a key; "" for an unknown one."""
    if words.isdigit():
        return words
    said = plain(words)
    return next((code for mark, code in METHODS if mark in said), "")


def linkage_of(words):
    """0 not related, 1 related and it does not affect the value, 2 it does (Anexo 22);
    "" where the words do not tell."""
    if words.isdigit():
        return words
    said = plain(words)
    if "NO AFECTA" in said:
        return "1"
    if "AFECTA" in said:
        return "2"
    # yes alone does not tell whether it affects the value
    return "0" if said.split()[:1] == ["NO"] else ""


class Records(RareRecords):
    """Fills a writer of records from the answers of one pedimento."""

    def __init__(self, writer, office, patente, pedimento):
        super().__init__()
        self.writer = writer
        self.office, self.patente, self.pedimento = office, patente, pedimento

    def _write(self, record_type, **values):
        for name, value in values.items():
            if hasattr(value, "strftime"):
                values[name] = value.strftime(DATE)
        self.writer.record(record_type, pedimento=self.pedimento, **values)

    def fill(self, whole, partidas):
        """:param whole: element ``pedimento`` of the whole answer
        :param partidas: elements ``partida`` in their order
        :return: issues: what was told and is not in the records
        """
        number_of = {"patente": self.patente, "aduana_seccion": self.office}
        self._write("500", tipo_movimiento="1", **number_of)
        self._header(whole, number_of)
        self._complementary(whole, number_of)
        self._transport(whole)
        self._goods_on_the_way(whole)
        self._invoices(whole)
        self._dates(whole)
        self._identifiers(whole)
        self._payments(whole)
        self._charges(whole)
        self._observations("511", text(whole, "observaciones"))
        self._discharges(whole)
        self._rectification(whole, number_of)
        self._differences(whole)
        for partida in partidas:
            self._partida(partida)
        # what was paid is signed, but the signature is not told
        self._write("999", **number_of)
        self.writer.close()
        self._leftovers(whole)
        return self.issues

    def _header(self, whole, number_of):
        head = child(whole, "encabezado")
        trader = child(whole, "importadorExportador")
        home = child(trader, "domicilio")
        self._write(
            "501",
            **number_of,
            tipo_operacion=key(head, "tipoOperacion"),
            clave=key(head, "claveDocumento"),
            aduana_seccion_es=key(head, "aduanaEntradaSalida", size=3),
            curp=text(trader, "curp"),
            rfc=text(trader, "rfc"),
            curp_agente=text(head, "curpApoderadomandatario"),
            tipo_cambio=number(head, "tipoCambio"),
            fletes=number(trader, "fletes"),
            seguros=number(trader, "seguros"),
            embalajes=number(trader, "embalajes"),
            otros_incrementables=number(trader, "incrementables"),
            peso_bruto=number(head, "pesoBruto"),
            transporte_salida=key(head, "medioTrasnporteSalida"),
            transporte_arribo=key(head, "medioTrasnporteArribo"),
            transporte_es=key(head, "medioTrasnporteEntrada"),
            destino=key(head, "destino"),
            nombre=text(trader, "razonSocial"),
            pais=key(trader, "pais"),
            rfc_cfdi=text(head, "rfcAgenteAduanalSocFactura")[:13],
            **address(home),
        )

    def _transport(self, whole):
        packages = self._packages(whole)
        for node in children(whole, "transportes"):
            self._write(
                "502",
                rfc_transportista=text(node, "rfcTransportista"),
                curp_transportista=text(node, "curpTransportista"),
                nombre_transportista=text(node, "nombre"),
                pais=key(node, "paisTransporte"),
                identificador=text(node, "identificador"),
                bultos=packages,
                domicilio=text(node, "domicilioTransportista"),
            )
            packages = ""
        for node in children(whole, "guias"):
            self._write(
                "503",
                guia=text(node, "guiaManifiesto"),
                identificador=text(node, "tipoGuia")[:1],
            )
        for node in children(whole, "contenedores"):
            self._write(
                "504",
                contenedor=text(node, "identificador"),
                tipo=key(node, "tipoContenedor"),
            )

    def _invoices(self, whole):
        parties = {
            text(node, "identificadorFiscal"): node
            for node in children(whole, "proveedoresCompradores")
        }
        for node in children(whole, "facturas"):
            tax_id = text(node, "identificadorFiscalProveedorComprador")
            party = parties.get(tax_id)
            self._write(
                "505",
                fecha=day(node, "fecha"),
                numero=text(node, "numero"),
                termino=key(node, "terminoFacturacion"),
                moneda=key(node, "moneda"),
                valor_dolares=number(node, "valorDolares"),
                valor_moneda=number(node, "valorMonedaExtranjera"),
                pais=key(party, "pais"),
                identificacion=tax_id,
                nombre=text(node, "proveedorComprador")
                or text(party, "proveedorComprador"),
                **address(child(party, "domicilio")),
            )

    def _dates(self, whole):
        for node in children(child(whole, "importadorExportador"), "fechas"):
            self._write("506", tipo=key(node, "tipo"), fecha=day(node, "fecha"))

    def _identifiers(self, whole):
        for group in children(whole, "identificadores"):
            for node in children(group, "identificadores"):
                self._write("507", **_identifier(node))

    def _charges(self, whole):
        nodes = children(whole, "tasas")
        for node in nodes:
            self._write(
                "509",
                contribucion=key(node, "contribucion"),
                tasa=number(node, "tasaAplicable"),
                tipo_tasa=key(node, "tipoTasa"),
            )
        for node in nodes:
            self._write(
                "510",
                contribucion=key(node, "contribucion"),
                forma_pago=key(node, "formaPago"),
                importe=number(node, "importe"),
            )

    def _observations(self, record_type, words, **values):
        for start in range(0, len(words), CHUNK):
            self._write(
                record_type,
                secuencia=str(start // CHUNK + 1),
                observaciones=words[start : start + CHUNK],
                **values,
            )

    def _discharges(self, whole):
        for node in children(whole, "descargos"):
            self._write(
                "512",
                **original(node),
                clave_original=key(node, "claveDocumentoOriginal"),
                fecha_original=day(node, "fechaPagoOriginal"),
                fraccion=text(node, "fraccionOriginal"),
                unidad=key(node, "UnidadMedida"),
                cantidad=number(node, "cantidad"),
            )

    def _rectification(self, whole, number_of):
        node = child(whole, "rectificacion")
        if not text(node, "pedimentoOriginal"):
            return
        self._write(
            "701",
            **number_of,
            **original(node),
            clave=key(node, "claveDocumento"),
            fecha_pago=day(node, "fechaPago"),
            fecha_original=day(node, "fechaOriginal"),
        )

    def _partida(self, node):
        whose = {
            "fraccion": text(node, "fraccionArancelaria"),
            "partida": text(node, "numeroPartida"),
        }
        nico = text(node, "subdivisionFraccion")
        self._write(
            "551",
            **whose,
            nico=nico.zfill(2) if nico else "",
            descripcion=text(node, "descripcionMercancia"),
            precio_unitario=number(node, "precioUnitario"),
            valor_aduana=number(node, "valorAduana"),
            valor_comercial=number(node, "valorComercial"),
            valor_dolares=number(node, "valorDolares"),
            cantidad_umc=number(node, "cantidadUnidadMedidaComercial"),
            umc=key(node, "unidadMedidaComercial"),
            cantidad_umt=number(node, "cantidadUnidadMedidaTarifa"),
            umt=key(node, "unidadMedidaTarifa"),
            valor_agregado=number(node, "valorAgregado"),
            vinculacion=linkage_of(text(node, "vinculacion")),
            metodo_valoracion=method_of(text(node, "metodoValoracion")),
            codigo_producto=text(node, "codigoProducto"),
            marca=text(node, "marca"),
            modelo=text(node, "modelo"),
            pais_origen=key(node, "paisOrigenDestino"),
            pais_vendedor=key(node, "paisVendedorComprador"),
        )
        self._vehicles(node, whose)
        for permit in children(node, "permisos"):
            self._write(
                "553",
                **whose,
                clave=key(permit, "clavePermiso"),
                firma=text(permit, "firmaDescargo"),
                numero=text(permit, "numeroPermiso"),
                valor_dolares=number(permit, "valorComercialDolares"),
                cantidad=number(permit, "cantidadUMTUMC"),
            )
        for identifier in children(node, "identificadores"):
            self._write("554", **whose, **_identifier(identifier))
        self._of_partida(node, whose)
        self._duties(node, whose)
        self._observations("558", text(node, "observaciones"), **whose)

    def _duties(self, node, whose):
        duties = children(node, "gravamenes")
        for duty in duties:
            for rate in children(duty, "tasas"):
                self._write(
                    "556",
                    **whose,
                    contribucion=key(duty, "claveGravamen"),
                    tasa=number(rate, "tasaAplicable"),
                    tipo_tasa=key(rate, "clave"),
                )
        for duty in duties:
            for amount in children(duty, "importes"):
                self._write(
                    "557",
                    **whose,
                    contribucion=key(duty, "claveGravamen"),
                    forma_pago=key(amount, "formaPago"),
                    importe=number(amount, "importe"),
                )


def _identifier(node):
    return {
        "clave": key(node, "claveIdentificador"),
        **{
            name: text(node, name)
            for name in ("complemento1", "complemento2", "complemento3")
        },
    }
