# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Pedimentos of the comparison store as the records that a broker's file would have.

So they pass the same checks and the same door. What Data Stage does not tell stays
empty; observations and permits (tables 511, 553, 558) stand in the store as they came.
"""

from ...formats.m3.layout import LAYOUTS

SEQUENCE = r"^ *[0-9]{1,5} *$"


def _line(kind, **values):
    """SQL of a record's text; ``values`` are SQL by the names of the layout."""
    pieces = [f"'{kind}'"]
    for spec in LAYOUTS[kind].fields:
        value = values.pop(spec.name, None)
        if value is None:
            pieces.append("''")
        elif spec.kind == "F":
            pieces.append(f"COALESCE(to_char({value}, 'DDMMYYYY'), '')")
        elif spec.kind == "N":
            pieces.append(f"COALESCE(trim_scale({value})::text, '')")
        else:
            # a separator in a text would make a field of its own
            pieces.append(f"translate(COALESCE({value}::text, ''), E'|\\r\\n', '   ')")
    if values:
        raise ValueError(f"record {kind} has no {', '.join(values)}")
    return f"concat_ws('|', {', '.join(pieces)})"


def _of_pedimento(kind, source="", where="", order="0", **values):
    values = {"pedimento": "p.document"} | values
    return (
        f"SELECT p.id, 1, 0, {int(kind)}, {order}::bigint, {_line(kind, **values)}"
        f" FROM chosen p {source} {where and 'WHERE ' + where}"
    )


def _of_partida(kind, source, sequence, order="0", where="", **values):
    values = {
        "pedimento": "p.document",
        "partida": f"({sequence})",
        "fraccion": "a.fraccion",
    } | values
    return f"""
    SELECT p.id, 2, {sequence}, {int(kind)}, {order}::bigint, {_line(kind, **values)}
      FROM chosen p {source}
      LEFT JOIN immex_datastage_partida a
        ON a.datastage_id = p.id AND a.sequence = {sequence}
     {where and "WHERE " + where}"""


def _kept(kind, *names):
    """Join with the rows of a table that the store keeps as it came, as ``c``."""
    columns = ", ".join(f"content->>'{name}' AS {alias}" for alias, name in names)
    return f"""
      JOIN (SELECT datastage_id, id, {columns} FROM immex_datastage_record
             WHERE table_name = '{kind}') c ON c.datastage_id = p.id"""


def _number():
    return {"patente": "p.patente", "aduana_seccion": "p.office_section"}


def _statement():
    parts = [
        "SELECT p.id, 0, 0, 500, 0::bigint, "
        + _line("500", tipo_movimiento="'1'", pedimento="p.document", **_number())
        + " FROM chosen p",
        "SELECT p.id, 0, 0, 501, 0, "
        + _line(
            "501",
            **_number(),
            pedimento="p.document",
            tipo_operacion="p.operation_type",
            clave="p.key_code",
            aduana_seccion_es="p.entry_section",
            curp="p.curp",
            rfc="p.rfc",
            curp_agente="p.agent_curp",
            tipo_cambio="p.exchange_rate",
            fletes="p.freight",
            seguros="p.insurance",
            embalajes="p.packing",
            otros_incrementables="p.other_increments",
            peso_bruto="p.gross_weight",
            transporte_salida="p.transport_exit",
            transporte_arribo="p.transport_arrival",
            transporte_es="p.transport_crossing",
            destino="p.destination_zone",
            nombre="p.trader_name",
            otros_decrementables="p.deductions",
        )
        + " FROM chosen p",
        _of_pedimento(
            "505",
            "JOIN immex_datastage_invoice c ON c.datastage_id = p.id",
            order="c.id",
            fecha="c.date",
            numero="c.number",
            termino="c.incoterm",
            moneda="c.currency",
            valor_dolares="c.value_usd",
            valor_moneda="c.value_currency",
            pais="c.country_code",
            entidad="c.state_code",
            identificacion="c.tax_id",
            nombre="c.partner_name",
            calle="c.street",
            interior="c.number_in",
            exterior="c.number_out",
            codigo_postal="c.zip",
            municipio="c.city",
        ),
        _of_pedimento(
            "506",
            "JOIN immex_datastage_date c ON c.datastage_id = p.id",
            order="c.id",
            tipo="c.kind",
            fecha="c.date",
        ),
        # the payment, where table 506 does not tell it
        _of_pedimento(
            "506",
            where="""NOT EXISTS (
                SELECT FROM immex_datastage_date c
                 WHERE c.datastage_id = p.id AND ltrim(c.kind, '0') = '2')""",
            tipo="'2'",
            fecha="p.payment_date",
        ),
        _of_pedimento(
            "507",
            "JOIN immex_datastage_identifier c"
            " ON c.datastage_id = p.id AND c.sequence IS NULL",
            order="c.id",
            clave="c.code",
            complemento1="c.complement1",
            complemento2="c.complement2",
        ),
        _of_partida(
            "554",
            "JOIN immex_datastage_identifier c"
            " ON c.datastage_id = p.id AND c.sequence IS NOT NULL",
            "c.sequence",
            order="c.id",
            clave="c.code",
            complemento1="c.complement1",
            complemento2="c.complement2",
        ),
        _of_pedimento(
            "512",
            "JOIN immex_datastage_reference c ON c.datastage_id = p.id",
            order="c.id",
            patente_original="c.patente",
            pedimento_original="c.document",
            aduana_original="c.office_section",
            clave_original="c.key_code",
            fecha_original="c.date",
            fraccion="c.fraccion",
            unidad="c.unit_code",
            cantidad="c.quantity",
        ),
        _of_pedimento(
            "701",
            # the key under which a chain acts is that of its first pedimento
            """LEFT JOIN LATERAL (
                SELECT o.key_code FROM immex_datastage_pedimento o
                 WHERE o.company_id = p.company_id AND o.patente = p.original_patente
                   AND o.document = p.original_document
                   AND o.office = left(p.original_section, 2)
                   AND o.payment_date <= p.payment_date
                   AND o.payment_date > p.payment_date - interval '9 years'
                 ORDER BY o.payment_date DESC LIMIT 1) o ON TRUE""",
            where="p.previous_document IS NOT NULL",
            **_number(),
            pedimento="p.document",
            clave="COALESCE(NULLIF(p.previous_key, 'R1'), o.key_code)",
            fecha_pago="p.payment_date",
            pedimento_original="p.previous_document",
            patente_original="p.previous_patente",
            aduana_original="p.previous_section",
            clave_original="COALESCE(NULLIF(p.previous_key, 'R1'), o.key_code)",
            fecha_original="p.previous_date",
        ),
        _of_partida(
            "551",
            "",
            "a.sequence",
            where="a.id IS NOT NULL",
            nico="a.nico",
            descripcion="a.description",
            precio_unitario="a.unit_price",
            valor_aduana="a.customs_value",
            valor_comercial="a.commercial_value",
            valor_dolares="a.value_usd",
            cantidad_umc="a.qty_umc",
            umc="a.umc_code",
            cantidad_umt="a.qty_umt",
            umt="a.umt_code",
            valor_agregado="a.added_value",
            vinculacion="a.linkage",
            metodo_valoracion="a.valuation_method",
            codigo_producto="a.product_code",
            marca="a.brand",
            modelo="a.model",
            pais_origen="a.origin_code",
            pais_vendedor="a.seller_code",
        ).replace("a.sequence = a.sequence", "TRUE"),
        "SELECT p.id, 3, 0, 999, 0, "
        + _line("999", pedimento="p.document", **_number())
        + " FROM chosen p",
    ]
    for general, of_partida, kind, values in (
        ("509", "556", "rate", {"tasa": "c.rate", "tipo_tasa": "c.rate_type"}),
        ("510", "557", "amount", {"forma_pago": "c.payment_form"}),
        ("702", None, "difference", {"forma_pago": "c.payment_form"}),
    ):
        values = {"contribucion": "c.code"} | values
        if kind == "rate":
            values["tasa"] = "c.rate"
        else:
            values["importe"] = "c.amount"
        source = (
            "JOIN immex_datastage_contribution c"
            f" ON c.datastage_id = p.id AND c.kind = '{kind}' AND c.sequence IS "
        )
        parts.append(_of_pedimento(general, source + "NULL", order="c.id", **values))
        if of_partida:
            parts.append(
                _of_partida(
                    of_partida,
                    source + "NOT NULL",
                    "c.sequence",
                    order="c.id",
                    **values,
                )
            )
    words = (("place", "SecuenciaObservacion"), ("words", "Observaciones"))
    told = {"secuencia": "c.place", "observaciones": "c.words"}
    parts.append(_of_pedimento("511", _kept("511", *words), order="c.id", **told))
    for kind, names, values in (
        ("558", words, told),
        (
            "553",
            (
                ("code", "ClavePermiso"),
                ("signature", "FirmaDescargo"),
                ("number", "NumeroPermiso"),
                ("value", "ValorComercialDolares"),
                ("quantity", "CantidadMUMTarifa"),
            ),
            {
                "clave": "c.code",
                "firma": "c.signature",
                "numero": "c.number",
                "valor_dolares": "c.value",
                "cantidad": "c.quantity",
            },
        ),
    ):
        source = _kept(kind, ("number_in", "SecuenciaFraccion"), *names)
        parts.append(
            _of_partida(
                kind,
                source,
                f"(CASE WHEN c.number_in ~ '{SEQUENCE}' THEN c.number_in END)::integer",
                order="c.id",
                **values,
            )
        )
    return (
        "WITH chosen AS (SELECT * FROM immex_datastage_pedimento"
        " WHERE id = ANY(%(ids)s)) SELECT r.id, r.text FROM ("
        + "\nUNION ALL\n".join(parts)
        + ") r (id, level, sequence, kind, place, text)"
        # the partida itself stands before what belongs to it
        " ORDER BY array_position(%(ids)s, r.id), r.level, r.sequence, r.kind <> 551,"
        " r.kind, r.place"
    )


# Parameter ``ids``: pedimentos of the store. Gives ``(id, text)``, each pedimento
# from its 500 to its 999, in the order of ``ids``.
RECORDS = _statement()
