# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Names of our XML: an element for each record of M3, its fields under M3's names."""

from ..issues import _lt
from ..m3.layout import LAYOUTS, OF_PARTIDA

NAMESPACE = "urn:immex-compliance:pedimento:1"
ROOT, PEDIMENTO, VERBATIM, EXTRA = "pedimentos", "documento", "registro", "campo"

# record type -> name of the element, what it tells
ELEMENTS = {
    "301": ("complementario", _lt("Complementary pedimento: general data")),
    "302": (
        "prueba_suficiente",
        _lt("Complementary pedimento: proof of payment abroad"),
    ),
    "351": ("determinacion", _lt("Complementary pedimento: determination by partida")),
    "352": (
        "partida_eua_can",
        _lt("Complementary pedimento: goods as imported abroad"),
    ),
    "353": ("determinacion_tlcan", _lt("Complementary pedimento: duty of the partida")),
    "355": ("pago_complementario", _lt("Complementary pedimento: payment by partida")),
    "358": ("observacion_complementaria", _lt("Complementary pedimento: observations")),
    "500": ("movimiento", _lt("Kind of movement; opens the pedimento")),
    "501": ("datos_generales", _lt("General data of the pedimento")),
    "502": ("transporte", _lt("Transport")),
    "503": ("guia", _lt("Waybill or manifest")),
    "504": ("contenedor", _lt("Container")),
    "505": ("factura", _lt("Invoice or acuse de valor (COVE)")),
    "506": ("fecha_pedimento", _lt("Date of the pedimento (entry, payment, ...)")),
    "507": ("identificador", _lt("Identifier of the pedimento (Appendix 8)")),
    "508": ("cuenta_garantia", _lt("Guarantee account of the pedimento")),
    "509": ("tasa", _lt("Rate of a contribution of the pedimento")),
    "510": ("contribucion_pedimento", _lt("Contribution of the pedimento")),
    "511": ("observacion", _lt("Observations of the pedimento, in pieces")),
    "512": ("descargo", _lt("Original pedimento that this one discharges")),
    "513": ("compensacion", _lt("Compensation with another pedimento")),
    "514": ("pago_virtual", _lt("Virtual or documentary form of payment")),
    "515": ("previo", _lt("Preliminary data")),
    "516": ("candado", _lt("Seal of the means of transport")),
    "520": ("destinatario", _lt("Consignee")),
    "551": ("partida", _lt("Partida, with what belongs to it")),
    "552": ("mercancia", _lt("Goods identified by number (vehicles)")),
    "553": ("permiso", _lt("Permit or proof of a non-tariff rule")),
    "554": ("identificador_partida", _lt("Identifier of the partida (Appendix 8)")),
    "555": ("cuenta_garantia_partida", _lt("Guarantee account of the partida")),
    "556": ("tasa_partida", _lt("Rate of a contribution of the partida")),
    "557": ("contribucion_partida", _lt("Contribution of the partida")),
    "558": ("observacion_partida", _lt("Observations of the partida, in pieces")),
    "560": ("valores_partida", _lt("Values and quantities of a part of the partida")),
    "601": ("desistimiento", _lt("Elimination or withdrawal")),
    "701": ("rectificacion", _lt("Pedimento that this one rectifies")),
    "702": ("diferencia", _lt("Difference of contributions by the rectification")),
    "800": ("firma", _lt("Signature; closes the pedimento")),
    "801": ("cierre", _lt("Closing record of the file that it came in")),
    "999": ("fin", _lt("Closes a pedimento without signature")),
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
