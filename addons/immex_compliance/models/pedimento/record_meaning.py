# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What the fields of the records mean, told to people in their language.

Names and order are those of the layout (formats/m3/layout.py), so that a record that it
knows can be read without knowing the file's form.
"""

from markupsafe import Markup

from odoo.tools import format_date

from ...formats.issues import _lt
from ...formats.m3.layout import LAYOUTS
from ...formats.m3.record import Record
from ...formats.pedimento_xml.layout import ELEMENTS

LABELS = {
    "patente": _lt("Customs patent"),
    "pedimento": _lt("Pedimento"),
    "aduana_seccion": _lt("Customs office and section"),
    "clave": _lt("Key"),
    "tipo_cambio": _lt("Exchange rate"),
    "rfc": _lt("RFC"),
    "curp": _lt("CURP"),
    "nombre": _lt("Name"),
    "curp_agente": _lt("CURP of the customs agent"),
    "rfc_cfdi": _lt("RFC for the invoice of the services"),
    "pais_destino": _lt("Country of destination"),
    "pedimento_eua_can": _lt("Import document in the United States or Canada"),
    "prueba_suficiente": _lt("Sufficient proof"),
    "fecha": _lt("Date"),
    "fraccion": _lt("Tariff item"),
    "nico": _lt("NICO"),
    "partida": _lt("Partida"),
    "valor_no_originario": _lt("Value of the goods that do not originate"),
    "igi_no_originario": _lt("Import duty of the goods that do not originate"),
    "impuesto_importacion": _lt("Total import tax abroad"),
    "moneda": _lt("Currency"),
    "monto_exento": _lt("Exempt amount"),
    "umt_eua_can": _lt("Tariff unit abroad"),
    "cantidad_umt": _lt("Quantity in the tariff unit"),
    "fraccion_eua_can": _lt("Tariff item abroad"),
    "tasa": _lt("Rate"),
    "impuesto": _lt("Tax paid abroad"),
    "igi": _lt("Import duty"),
    "contribucion": _lt("Contribution"),
    "forma_pago": _lt("Form of payment"),
    "importe": _lt("Amount"),
    "secuencia": _lt("Sequence"),
    "observaciones": _lt("Observations"),
    "tipo_movimiento": _lt("Movement"),
    "acuse": _lt("Acknowledgement of validation"),
    "tipo_operacion": _lt("Operation type"),
    "aduana_seccion_es": _lt("Office and section of entry or exit"),
    "fletes": _lt("Freight"),
    "seguros": _lt("Insurance"),
    "embalajes": _lt("Packing"),
    "otros_incrementables": _lt("Other increments"),
    "uso_futuro": _lt("For future use"),
    "peso_bruto": _lt("Gross weight"),
    "transporte_salida": _lt("Transport at the exit"),
    "transporte_arribo": _lt("Transport at the arrival"),
    "transporte_es": _lt("Transport at the border"),
    "destino": _lt("Destination of the goods"),
    "calle": _lt("Street"),
    "interior": _lt("Interior number"),
    "exterior": _lt("Exterior number"),
    "codigo_postal": _lt("Postal code"),
    "municipio": _lt("Municipality"),
    "entidad": _lt("State"),
    "pais": _lt("Country"),
    "decrementables_fletes": _lt("Decrements: freight"),
    "decrementables_seguros": _lt("Decrements: insurance"),
    "decrementables_carga": _lt("Decrements: loading"),
    "decrementables_descarga": _lt("Decrements: unloading"),
    "otros_decrementables": _lt("Other decrements"),
    "rfc_transportista": _lt("RFC of the carrier"),
    "curp_transportista": _lt("CURP of the carrier"),
    "nombre_transportista": _lt("Name of the carrier"),
    "identificador": _lt("Identification"),
    "bultos": _lt("Packages"),
    "domicilio": _lt("Address"),
    "guia": _lt("Waybill"),
    "contenedor": _lt("Container number"),
    "tipo": _lt("Type"),
    "numero": _lt("Number"),
    "termino": _lt("Incoterm"),
    "valor_dolares": _lt("Value in dollars"),
    "valor_moneda": _lt("Value in the currency of the invoice"),
    "identificacion": _lt("Tax identification"),
    "complemento1": _lt("Complement 1"),
    "complemento2": _lt("Complement 2"),
    "complemento3": _lt("Complement 3"),
    "institucion": _lt("Institution"),
    "cuenta": _lt("Account"),
    "folio_constancia": _lt("Folio of the certificate"),
    "fecha_constancia": _lt("Date of the certificate"),
    "tipo_cuenta": _lt("Type of account"),
    "clave_garantia": _lt("Key of the guarantee"),
    "valor_titulo": _lt("Unit value of the title"),
    "total_garantia": _lt("Total of the guarantee"),
    "cantidad_unidades": _lt("Units of measure"),
    "titulos": _lt("Titles assigned"),
    "tipo_tasa": _lt("Type of rate"),
    "patente_original": _lt("Original patent"),
    "pedimento_original": _lt("Original pedimento"),
    "aduana_original": _lt("Original office and section"),
    "clave_original": _lt("Original key"),
    "fecha_original": _lt("Original date"),
    "unidad": _lt("Unit"),
    "cantidad": _lt("Quantity"),
    "dependencia": _lt("Agency or institution"),
    "folio": _lt("Folio"),
    "importe_total": _lt("Total amount of the document"),
    "saldo": _lt("Balance available"),
    "candado": _lt("Seal"),
    "descripcion": _lt("Description"),
    "precio_unitario": _lt("Unit price"),
    "valor_aduana": _lt("Customs value"),
    "valor_comercial": _lt("Commercial value"),
    "cantidad_umc": _lt("Quantity in the unit of commercialisation"),
    "umc": _lt("Unit of commercialisation"),
    "umt": _lt("Tariff unit"),
    "valor_agregado": _lt("Added value"),
    "vinculacion": _lt("Relation of the parties"),
    "metodo_valoracion": _lt("Valuation method"),
    "codigo_producto": _lt("Product code"),
    "marca": _lt("Brand"),
    "modelo": _lt("Model"),
    "pais_origen": _lt("Country of origin or destination"),
    "pais_vendedor": _lt("Country of the seller or buyer"),
    "entidad_origen": _lt("State of origin"),
    "entidad_destino": _lt("State of destination"),
    "entidad_comprador": _lt("State of the buyer"),
    "entidad_vendedor": _lt("State of the seller"),
    "vin": _lt("Vehicle identification number"),
    "kilometraje": _lt("Kilometres"),
    "firma": _lt("Signature"),
    "tipo_garantia": _lt("Type of guarantee"),
    "importe_precio": _lt("Amount of the price paid"),
    "fecha_pago": _lt("Payment date"),
    "tipo_figura": _lt("Kind of signer"),
    "certificado": _lt("Certificate number"),
    "archivo": _lt("File name"),
    "pedimentos": _lt("Pedimentos in the file"),
    "registros": _lt("Records in the file"),
    "prevalidador": _lt("Pre-validator"),
    "reservado1": _lt("Reserved 1"),
    "reservado2": _lt("Reserved 2"),
    "reservado3": _lt("Reserved 3"),
}
# The complementary pedimento (key CT): who, proof, determination, payment, remarks.
COMPLEMENTARY = ("301", "302", "351", "352", "353", "355", "358")
TABLE = Markup(
    '<table class="table table-sm o_main_table">'
    "<thead><tr>%s</tr></thead><tbody>%s</tbody></table>"
)
HEAD, CELL = Markup("<th>%s</th>"), Markup("<td>%s</td>")
ROW, TITLE = Markup("<tr>%s</tr>"), Markup("<h5>%s</h5>")


def meaning(env, record_type) -> str:
    """What a record of the type tells; "" of one that is not known."""
    _name, text = ELEMENTS.get(record_type, ("", ""))
    return env._(text) if text else ""


def told(env, line, text) -> list:
    """``[(number, label, value)]`` of the fields of a record, counted from 1 as the
    official instructions do. Fields beyond the layout have no label."""
    record = Record(line, text)
    layout = LAYOUTS.get(record.type)
    specs = {spec.number: spec for spec in layout.fields} if layout else {}
    rows = []
    for number, value in enumerate(record.fields[1:], 2):
        spec = specs.get(number)
        label = env._(LABELS[spec.name]) if spec else ""
        rows.append((number, label, shown(env, record, spec, value)))
    return rows


def shown(env, record, spec, value) -> str:
    """A value as it stands in the file; a date as people write it."""
    if spec is not None and spec.kind == "F" and record[spec.name]:
        return format_date(env, record[spec.name])
    return value


def table(heads, rows) -> Markup:
    """A table; whatever stands in the file is text in it."""
    return TABLE % (
        Markup().join(HEAD % head for head in heads),
        Markup().join(ROW % Markup().join(CELL % cell for cell in row) for row in rows),
    )


def by_type(env, lines) -> Markup:
    """Tables of ``[(line, text)]``, one a type of record in the order of the types,
    with a column for each field of the layout."""
    records = {}
    for line, text in lines:
        record = Record(line, text)
        records.setdefault(record.type, []).append(record)
    parts = []
    for kind in sorted(set(records) & set(LAYOUTS)):
        # the number of the pedimento is that of the form around it
        specs = [spec for spec in LAYOUTS[kind].fields if spec.name != "pedimento"]
        rows = []
        for record in records[kind]:
            texts = dict(enumerate(record.fields, 1))
            rows.append(
                [shown(env, record, spec, texts.get(spec.number, "")) for spec in specs]
            )
        heads = [env._(LABELS[spec.name]) for spec in specs]
        parts += (TITLE % f"{kind} · {meaning(env, kind)}", table(heads, rows))
    return Markup().join(parts)
