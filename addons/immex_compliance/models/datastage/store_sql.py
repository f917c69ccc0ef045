# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Statements that bring staged tables of a Data Stage file into the store.

A table of the file is staged as texts, ``tmp_ds_<table>`` with the column ``line`` and
one per column of the file. What is not ours by name is ``tmp_ds_x_<table>``, or the
column ``x<position>``: no header becomes a name in the database. What is cast here was
looked at before (``checks.py``).
"""

from ...formats.datastage import KEY, TABLES

# tables with rows of their own in the store; the others go to immex.datastage.record
MAPPED = ("501", "505", "506", "507", "509", "510", "512", "551", "554", "556", "557")
MAPPED += ("701", "702")


def staged(table):
    """Name of the staging table."""
    return f"tmp_ds_{'' if table in TABLES else 'x_'}{table.lower()}"


def told(table):
    """``{column of the file: column of its staging table}``.

    :param table: :class:`~...formats.datastage.reader.Table`, its header read
    """
    pairs = zip(table.columns, table.known, strict=True)
    return {
        name: name if known else f"x{index}"
        for index, (name, known) in enumerate(pairs)
    }


def text(column, alias="s"):
    """As staged: without blanks around it, NULL where it is empty."""
    return f'{alias}."{column}"'


def number(column, alias="s"):
    return f"{text(column, alias)}::numeric"


def day(column, alias="s"):
    return f"{text(column, alias)}::timestamp::date"


def padded(column, size, alias="s"):
    """Digits that may have lost their zeros on the way; lpad alone would cut others."""
    told = text(column, alias)
    return f"lpad({told}, GREATEST({size}, length({told})), '0')"


def code(column):
    """A key of Appendix 12 or 18: without leading zeros."""
    return (
        f"CASE WHEN {text(column)} IS NOT NULL"
        f" THEN COALESCE(NULLIF(ltrim({text(column)}, '0'), ''), '0') END"
    )


PATENTE, DOCUMENT, SECTION = (
    padded(column, size) for column, size in zip(KEY, (4, 7, 3), strict=True)
)
PAID = f"COALESCE({text('FechaPagoReal')}, {text('FechaRecepcionPedimento')})"

# The year of the number: of payment, or the one before, by the first digit.
KEYS = f"""
CREATE TEMP TABLE tmp_ds_key ON COMMIT DROP AS
SELECT nextval('immex_datastage_pedimento_id_seq')::integer AS id, k.*,
       CASE WHEN left(document, 1) = (paid_year %% 10)::text THEN paid_year
            WHEN left(document, 1) = ((paid_year - 1) %% 10)::text THEN paid_year - 1
            ELSE paid_year END AS year
  FROM (
    SELECT {PATENTE} AS patente, {DOCUMENT} AS document, {SECTION} AS section,
           min(s.line) AS line, count(*) AS times,
           min(EXTRACT(year FROM {PAID}::timestamp))::integer AS paid_year
      FROM tmp_ds_501 s
     GROUP BY 1, 2, 3
  ) k
"""

_COLUMNS = """
    company_id, file_id, year, office, office_section, patente, document, number15,
    operation_type, key_code, entry_section, rfc, curp, agent_curp, exchange_rate,
    freight, insurance, packing, other_increments, deductions, gross_weight,
    transport_exit, transport_arrival, transport_crossing, destination_zone,
    trader_name, kind, received_at, paid_at, payment_date, superseded"""
_AGAIN = ", ".join(
    f"{name} = EXCLUDED.{name}" for name in _COLUMNS.replace(",", "").split()
)
PEDIMENTO = f"""
INSERT INTO immex_datastage_pedimento (id, {_COLUMNS})
SELECT k.id, %(company_id)s, %(file_id)s, k.year, left(k.section, 2), k.section,
       k.patente, k.document,
       lpad((k.year %% 100)::text, 2, '0') || left(k.section, 2) || k.patente
           || k.document,
       {text("TipoOperacion")}, {text("ClaveDocumento")},
       {padded("SeccionAduaneraEntrada", 3)}, {text("Rfc")},
       {text("CurpContribuyente")}, {text("CurpAgenteA")}, {number("TipoCambio")},
       {number("TotalFletes")}, {number("TotalSeguros")}, {number("TotalEmbalajes")},
       {number("TotalIncrementables")}, {number("TotalDeducibles")},
       {number("PesoBrutoMercancia")}, {text("MedioTransporteSalida")},
       {text("MedioTransporteArribo")}, {text("MedioTransporteEntrada_Salida")},
       {text("DestinoMercancia")}, {text("NombreContribuyente")},
       {text("TipoPedimento")}, {text("FechaRecepcionPedimento")}::timestamp,
       {text("FechaPagoReal")}::timestamp, {PAID}::timestamp::date, FALSE
  FROM tmp_ds_501 s
  JOIN tmp_ds_key k ON k.line = s.line
    ON CONFLICT (id) DO UPDATE SET {_AGAIN}
"""

_JOIN = f"""
  JOIN tmp_ds_key k ON k.patente = {PATENTE} AND k.document = {DOCUMENT}
   AND k.section = {SECTION}
"""


def _insert(table, target, **columns):
    names = ", ".join(("datastage_id", *columns))
    values = ", ".join(columns.values())
    return (
        f"INSERT INTO immex_datastage_{target} ({names})"
        f" SELECT k.id, {values} FROM {staged(table)} s {_JOIN}"
    )


_SEQUENCE = f"{text('SecuenciaFraccion')}::integer"

CHILDREN = {
    "505": _insert(
        "505",
        "invoice",
        number=text("NumeroFactura"),
        date=day("FechaFacturacion"),
        incoterm=text("TerminoFacturacion"),
        currency=text("MonedaFacturacion"),
        value_usd=number("ValorDolares"),
        value_currency=number("ValorMonedaExtranjera"),
        country_code=text("PaisFacturacion"),
        state_code=text("EntidadFedFacturacion"),
        tax_id=text("IndentFiscalProveedor"),
        partner_name=text("ProveedorMercancia"),
        street=text("CalleProveedor"),
        number_in=text("NumInteriorProveedor"),
        number_out=text("NumExteriorProveedor"),
        zip=text("CpProveedor"),
        city=text("MunicipioProveedor"),
    ),
    "506": _insert("506", "date", kind=text("TipoFecha"), date=day("FechaOperacion")),
    "507": _insert(
        "507",
        "identifier",
        code=text("ClaveCaso"),
        complement1=text("IdentificadorCaso"),
        complement2=text("ComplementoCaso"),
    ),
    "554": _insert(
        "554",
        "identifier",
        sequence=_SEQUENCE,
        code=text("ClaveCaso"),
        complement1=text("IdentificadorCaso"),
        complement2=text("ComplementoCaso"),
    ),
    "512": _insert(
        "512",
        "reference",
        patente=padded("PatenteAduanalOrig", 4),
        document=padded("PedimentoOriginal", 7),
        office_section=padded("SeccionAduaneraDespOrig", 3),
        key_code=text("DocumentoOriginal"),
        date=day("FechaOperacionOrig"),
        fraccion=text("FraccionOriginal"),
        unit_code=text("UnidadMedida"),
        quantity=number("MercanciaDescargada"),
    ),
    "551": _insert(
        "551",
        "partida",
        sequence=_SEQUENCE,
        fraccion=padded("Fraccion", 8),
        nico=padded("SubdivisionFraccion", 2),
        description=text("DescripcionMercancia"),
        unit_price=number("PrecioUnitario"),
        customs_value=number("ValorAduana"),
        commercial_value=number("ValorComercial"),
        value_usd=number("ValorDolares"),
        added_value=number("ValorAgregado"),
        qty_umc=number("CantidadUMComercial"),
        umc_code=code("UnidadMedidaComercial"),
        qty_umt=number("CantidadUMTarifa"),
        umt_code=code("UnidadMedidaTarifa"),
        linkage=text("ClaveVinculacion"),
        valuation_method=text("MetodoValorizacion"),
        product_code=text("CodigoMercanciaProducto"),
        brand=text("MarcaMercanciaProducto"),
        model=text("ModeloMercanciaProducto"),
        origin_code=text("PaisOrigenDestino"),
        seller_code=text("PaisCompradorVendedor"),
    ),
}
for _table, _kind, _partida in (
    ("509", "rate", False),
    ("510", "amount", False),
    ("556", "rate", True),
    ("557", "amount", True),
    ("702", "difference", False),
):
    CHILDREN[_table] = _insert(
        _table,
        "contribution",
        kind=f"'{_kind}'",
        code=code("ClaveContribucion"),
        **({"sequence": _SEQUENCE} if _partida else {}),
        **(
            {"rate": number("TasaContribucion"), "rate_type": code("TipoTasa")}
            if _kind == "rate"
            else {"payment_form": code("FormaPago"), "amount": number("ImportePago")}
        ),
    )

# 701 gives the chain of a rectification.
RECTIFIED = f"""
UPDATE immex_datastage_pedimento p
   SET previous_patente = {padded("PatenteAnterior", 4)},
       previous_document = {padded("PedimentoAnterior", 7)},
       previous_section = {padded("SeccionAduaneraAnterior", 3)},
       previous_key = {text("DocumentoAnterior")},
       previous_date = {day("FechaOperacionAnterior")},
       original_patente = {padded("PatenteAduanalOrig", 4)},
       original_document = {padded("PedimentoOriginal", 7)},
       original_section = {padded("SeccionAduaneraDespOrig", 3)}
  FROM tmp_ds_701 s {_JOIN}
 WHERE p.id = k.id
"""

# The date of entry of table 506 (type 1).
ENTRY = """
UPDATE immex_datastage_pedimento p
   SET entry_date = d.date
  FROM (SELECT d.datastage_id, min(d.date) AS date
          FROM immex_datastage_date d
          JOIN tmp_ds_key k ON k.id = d.datastage_id
         WHERE d.kind = '1' GROUP BY d.datastage_id) d
 WHERE p.id = d.datastage_id
"""

# A version that a later one names is not the one that counts.
SUPERSEDED = """
UPDATE immex_datastage_pedimento p
   SET superseded = named.id IS NOT NULL
  FROM immex_datastage_pedimento o
  LEFT JOIN (
      SELECT DISTINCT v.id
        FROM immex_datastage_pedimento r
        JOIN immex_datastage_pedimento v
          ON v.company_id = r.company_id AND v.document = r.previous_document
         AND v.patente = r.previous_patente AND v.office = left(r.previous_section, 2)
         -- numbers come again after ten years
         AND r.payment_date >= v.payment_date
         AND r.payment_date < v.payment_date + interval '9 years' AND v.id <> r.id
       WHERE r.company_id = %(company_id)s AND r.previous_document IS NOT NULL
  ) named ON named.id = o.id
 WHERE p.id = o.id AND p.company_id = %(company_id)s
   AND p.superseded IS DISTINCT FROM (named.id IS NOT NULL)
"""

RECORDED = """
UPDATE immex_datastage_pedimento s
   SET pedimento_id = p.id
  FROM immex_datastage_pedimento o
  LEFT JOIN immex_pedimento p
    ON p.company_id = o.company_id AND p.year = o.year AND p.office = o.office
   AND p.patente = o.patente AND p.document = o.document
 WHERE o.id = s.id AND s.company_id = %(company_id)s
   AND s.pedimento_id IS DISTINCT FROM p.id
"""


def link_recorded(cr, company_id):
    """Join the store's pedimentos with the recorded ones of the same number."""
    cr.execute(RECORDED, {"company_id": company_id})


def orphans(table, columns):
    """Statement that keeps rows of pedimentos that table 501 does not have."""
    join = "LEFT " + _JOIN.strip() + " WHERE k.id IS NULL"
    return _record(table, "NULL::integer", columns, join)


def others(table, columns):
    """Statement that keeps all rows of a table that has no model of its own."""
    if not set(KEY) <= set(TABLES.get(table, ())):
        return _record(table, "NULL::integer", columns, "")
    return _record(table, "k.id", columns, "LEFT " + _JOIN.strip())


def unknown(table, columns):
    """Statement that keeps columns that have no name of ours."""
    return _record(table, "k.id", columns, "LEFT " + _JOIN.strip())


def _record(table, owner, columns, join):
    """``columns``: those that are kept, as :func:`told` has them."""
    names = ", ".join(f"'{_literal(name)}'" for name in columns)
    values = ", ".join(map(text, columns.values()))
    return (
        "INSERT INTO immex_datastage_record"
        " (company_id, file_id, datastage_id, table_name, line, content)"
        f" SELECT %(company_id)s, %(file_id)s, {owner}, '{_literal(table)}', s.line,"
        f" jsonb_strip_nulls(jsonb_object(ARRAY[{names}], ARRAY[{values}]))"
        f" FROM {staged(table)} s {join}"
    )


def _literal(name):
    return name.replace("'", "''").replace("%", "%%")
