# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Names of our XML: an element for each record of M3, its fields under M3's names."""

from ..m3.layout import LAYOUTS, OF_PARTIDA

NAMESPACE = "urn:immex-compliance:pedimento:1"
ROOT, PEDIMENTO, VERBATIM, EXTRA = "pedimentos", "documento", "registro", "campo"

# record type -> name of the element, what it tells
ELEMENTS = {
    "301": ("complementario", "Complementary pedimento: general data"),
    "302": ("prueba_suficiente", "Complementary pedimento: proof of payment abroad"),
    "351": ("determinacion", "Complementary pedimento: determination by partida"),
    "352": ("partida_eua_can", "Complementary pedimento: goods as imported abroad"),
    "353": ("determinacion_tlcan", "Complementary pedimento: duty of the partida"),
    "355": ("pago_complementario", "Complementary pedimento: payment by partida"),
    "358": ("observacion_complementaria", "Complementary pedimento: observations"),
    "500": ("movimiento", "Kind of movement; opens the pedimento"),
    "501": ("datos_generales", "General data of the pedimento"),
    "502": ("transporte", "Transport"),
    "503": ("guia", "Waybill or manifest"),
    "504": ("contenedor", "Container"),
    "505": ("factura", "Invoice or acuse de valor (COVE)"),
    "506": ("fecha_pedimento", "Date of the pedimento (entry, payment, ...)"),
    "507": ("identificador", "Identifier of the pedimento (Appendix 8)"),
    "508": ("cuenta_garantia", "Guarantee account of the pedimento"),
    "509": ("tasa", "Rate of a contribution of the pedimento"),
    "510": ("contribucion_pedimento", "Contribution of the pedimento"),
    "511": ("observacion", "Observations of the pedimento, in pieces"),
    "512": ("descargo", "Original pedimento that this one discharges"),
    "513": ("compensacion", "Compensation with another pedimento"),
    "514": ("pago_virtual", "Virtual or documentary form of payment"),
    "515": ("previo", "Preliminary data"),
    "516": ("candado", "Seal of the means of transport"),
    "520": ("destinatario", "Consignee"),
    "551": ("partida", "Partida, with what belongs to it"),
    "552": ("mercancia", "Goods identified by number (vehicles)"),
    "553": ("permiso", "Permit or proof of a non-tariff rule"),
    "554": ("identificador_partida", "Identifier of the partida (Appendix 8)"),
    "555": ("cuenta_garantia_partida", "Guarantee account of the partida"),
    "556": ("tasa_partida", "Rate of a contribution of the partida"),
    "557": ("contribucion_partida", "Contribution of the partida"),
    "558": ("observacion_partida", "Observations of the partida, in pieces"),
    "560": ("valores_partida", "Values and quantities of a part of the partida"),
    "601": ("desistimiento", "Elimination or withdrawal"),
    "701": ("rectificacion", "Pedimento that this one rectifies"),
    "702": ("diferencia", "Difference of contributions by the rectification"),
    "800": ("firma", "Signature; closes the pedimento"),
    "801": ("cierre", "Closing record of the file that it came in"),
    "999": ("fin", "Closes a pedimento without signature"),
}
NAMES = {record: name for record, (name, _text) in ELEMENTS.items()}
TYPES = {name: record for record, name in NAMES.items()}

# Fields that an element may leave out: they are those of what it stands in.
OF_DOCUMENT = ("pedimento",)
OF_551 = ("pedimento", "fraccion", "partida")


def inherited(record_type):
    """Names of the fields that a record takes from around it."""
    if record_type in ("500", "801"):
        return ()
    return OF_551 if record_type in OF_PARTIDA else OF_DOCUMENT


def qualified(name):
    return f"{{{NAMESPACE}}}{name}"


assert set(ELEMENTS) == set(LAYOUTS)
