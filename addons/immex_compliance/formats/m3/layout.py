# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Layout of the M3 records.

A line a record: its type, then its fields in order as ``name:type``. Types: ``K12``
key or number kept as text, digits only; ``A12`` text; ``N12`` whole amount;
``D14.2`` decimal with at most 14 characters before and 2 digits after the point;
``F`` date of 8 digits. ``!`` marks what may not be empty. A record marked ``~`` is
known from secondary sources only: a different number of fields is a warning; of one
marked ``<`` shorter forms are in use, so that only fewer fields is a warning. An
indented line goes on with the record above it.
"""

from dataclasses import dataclass

_TABLE = """
301~ patente:K4 pedimento:K7 aduana_seccion:K3 clave:A2 tipo_cambio:D9.5 rfc:A13
    curp:A18 nombre:A120 curp_agente:A18 rfc_cfdi:A13
302~ pedimento:K7 pais_destino:A3 pedimento_eua_can:A40 prueba_suficiente:A2 fecha:F
351~ pedimento:K7 pais_destino:A3 fraccion:A8 nico:A2 partida:K5
    valor_no_originario:N12 igi_no_originario:N12 impuesto_importacion:N12 moneda:A3
    monto_exento:N12
352~ pedimento:K7 pais_destino:A3 fraccion:A8 partida:K5 umt_eua_can:A3
    cantidad_umt:D18.5 fraccion_eua_can:A20 tasa:D15.10 impuesto:D14.2 moneda:A3
353~ pedimento:K7 fraccion:A8 partida:K5 valor_no_originario:N12 igi:N12
355~ pedimento:K7 pais_destino:A3 fraccion:A8 partida:K5 contribucion:K2 forma_pago:K3
    importe:N12
358~ pedimento:K7 pais_destino:A3 fraccion:A8 partida:K5 secuencia:K4
    observaciones:A250
500 tipo_movimiento:K2! patente:K4! pedimento:K7! aduana_seccion:K3! acuse:A8
501 patente:K4! pedimento:K7! aduana_seccion:K3! tipo_operacion:K1! clave:A2!
    aduana_seccion_es:K3 curp:A18 rfc:A13! curp_agente:A18 tipo_cambio:D9.5!
    fletes:N12 seguros:N12 embalajes:N12 otros_incrementables:N12 uso_futuro:A20
    peso_bruto:D14.3 transporte_salida:K2 transporte_arribo:K2 transporte_es:K2
    destino:K2 nombre:A120 calle:A80 interior:A10 exterior:A10 codigo_postal:A10
    municipio:A80 entidad:A3 pais:A3 rfc_cfdi:A13 decrementables_fletes:N12
    decrementables_seguros:N12 decrementables_carga:N12 decrementables_descarga:N12
    otros_decrementables:N12
502~ pedimento:K7! rfc_transportista:A13 curp_transportista:A18
    nombre_transportista:A120 pais:A3 identificador:A17 bultos:N5 domicilio:A150
503~ pedimento:K7! guia:A40 identificador:A1
504~ pedimento:K7! contenedor:A20 tipo:K2
505 pedimento:K7! fecha:F numero:A40! termino:A3 moneda:A3 valor_dolares:D14.2!
    valor_moneda:D14.2 pais:A3 entidad:A3 identificacion:A30 nombre:A120 calle:A80
    interior:A10 exterior:A10 codigo_postal:A10 municipio:A80
506 pedimento:K7! tipo:K2! fecha:F!
507 pedimento:K7! clave:A2! complemento1:A20 complemento2:A30 complemento3:A40
508~ pedimento:K7! institucion:A11 cuenta:A17 folio_constancia:A17 fecha_constancia:F
    tipo_cuenta:K2 clave_garantia:K2 valor_titulo:D14.2 total_garantia:D14.2
    cantidad_unidades:D14.4 titulos:D14.2
509 pedimento:K7! contribucion:K2! tasa:D15.10! tipo_tasa:K2!
510 pedimento:K7! contribucion:K2! forma_pago:K3! importe:N12!
511< pedimento:K7! secuencia:K4! observaciones:A250
512 pedimento:K7! patente_original:K4! pedimento_original:K7! aduana_original:K3!
    clave_original:A2 fecha_original:F fraccion:A8 unidad:K2 cantidad:D24.5
513~ pedimento:K7! patente_original:K4 pedimento_original:K7 aduana_original:K3
    fecha_original:F contribucion:K2 importe:N12
514~ pedimento:K7! forma_pago:K3 dependencia:A20 folio:A50 fecha:F importe_total:N12
    saldo:N12 importe:N12
515~ patente:K4 pedimento:K7 aduana_seccion:K3 curp_agente:A18 clave:A2
    aduana_seccion_es:K3 rfc:A13 tipo_cambio:D9.5
516~ pedimento:K7! identificador:A17 candado:A21
520~ pedimento:K7! identificacion:A30 nombre:A120 calle:A80 interior:A10 exterior:A10
    codigo_postal:A10 municipio:A80 pais:A3
551 pedimento:K7! fraccion:K8! partida:K5! nico:A2 descripcion:A250!
    precio_unitario:D15.5! valor_aduana:N12! valor_comercial:N12! valor_dolares:D14.2!
    cantidad_umc:D15.3! umc:K2! cantidad_umt:D18.5! umt:K2! valor_agregado:N12
    vinculacion:A1 metodo_valoracion:K2 codigo_producto:A20 marca:A80 modelo:A80
    pais_origen:A3 pais_vendedor:A3 entidad_origen:A3 entidad_destino:A3
    entidad_comprador:A3 entidad_vendedor:A3
552~ pedimento:K7! fraccion:A8! partida:K5! vin:A40 kilometraje:N10
553 pedimento:K7! fraccion:A8! partida:K5! clave:A3! firma:A32 numero:A50
    valor_dolares:D14.2 cantidad:D24.5
554 pedimento:K7! fraccion:A8! partida:K5! clave:A2! complemento1:A20 complemento2:A50
    complemento3:A40
555~ pedimento:K7! fraccion:A8! partida:K5! institucion:A11 cuenta:A17
    folio_constancia:A17 fecha_constancia:F tipo_garantia:K2 valor_titulo:D14.2
    total_garantia:D14.2 cantidad_unidades:D14.4 titulos:D14.2
556 pedimento:K7! fraccion:A8! partida:K5! contribucion:K2! tasa:D15.10! tipo_tasa:K2!
557 pedimento:K7! fraccion:A8! partida:K5! contribucion:K2! forma_pago:K3!
    importe:N12!
558< pedimento:K7! fraccion:A8! partida:K5! secuencia:K4 observaciones:A250
560~ pedimento:K7! fraccion:A8! partida:K5! importe_precio:N12 valor_dolares:D14.2
    cantidad_umc:D15.3 umc:K2 cantidad_umt:D18.5 umt:K2 pais_origen:A3
    pais_vendedor:A3
601~ patente:K4 pedimento:K7 aduana_seccion:K3 clave:A2 tipo_operacion:K1 curp:A18
    rfc:A13 curp_agente:A18 destino:K2 rfc_cfdi:A13
701~ patente:K4! pedimento:K7! aduana_seccion:K3! clave:A2 fecha_pago:F
    pedimento_original:K7 patente_original:K4 aduana_original:K3 clave_original:A2
    fecha_original:F
702~ pedimento:K7! contribucion:K2! forma_pago:K3! importe:N12!
800 pedimento:K7! tipo_figura:K1 firma:A360! certificado:A25
801 archivo:A260! pedimentos:N5! registros:N9! prevalidador:A5
999~ patente:K4 pedimento:K7! aduana_seccion:K3 reservado1:A80 reservado2:A80
    reservado3:A80
"""

# Records whose pedimento number stands behind the patent.
PATENT_FIRST = frozenset(("301", "501", "515", "601", "701", "999"))
# Records that belong to the partida that the last 551 opened.
OF_PARTIDA = frozenset(("552", "553", "554", "555", "556", "557", "558", "560"))


@dataclass(frozen=True, slots=True)
class Field:
    """A field: ``number`` counts from 1, the record type being field 1."""

    number: int
    name: str
    kind: str
    size: int
    decimals: int
    required: bool


@dataclass(frozen=True, slots=True)
class RecordLayout:
    type: str
    fields: tuple
    lenient: bool  # fewer fields is a warning
    most: bool  # more fields is an error
    arity: int  # number of fields, the record type included
    by_name: dict  # the fields by their names


def _field(number, text):
    name, _colon, kind = text.partition(":")
    required = kind.endswith("!")
    kind = kind.rstrip("!")
    size, _point, decimals = kind[1:].partition(".")
    return Field(number, name, kind[0], int(size or 8), int(decimals or 0), required)


def _parse():
    layouts = {}
    for line in _TABLE.strip().replace("\n    ", " ").splitlines():
        head, *fields = line.split()
        record = head.rstrip("~<")
        specs = tuple(_field(number, text) for number, text in enumerate(fields, 2))
        layouts[record] = RecordLayout(
            record,
            specs,
            head[-1] in "~<",
            not head.endswith("~"),
            len(specs) + 1,
            {spec.name: spec for spec in specs},
        )
    return layouts


LAYOUTS = _parse()
