# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Virtual transfers: our V1 export against the V1 import that its block 512 names.

Both must be in the data: the import in the books of the company or of one of its own
tree of companies, else in the company's Data Stage. Per tariff item: what all exports
of ours say of the import against its partidas (RGCE 4.3.21).
"""

from .compared_fields import VIRTUAL, VIRTUAL_VALUE, differences

EXPORTS = """
CREATE TEMP TABLE tmp_rc_export ON COMMIT DROP AS
SELECT e.id, e.number15, e.payment_date, r.patente, r.document,
       left(r.office_section, 2) AS office, r.fraccion,
       COALESCE(NULLIF(ltrim(r.unit_code, '0'), ''), '0') AS unit, r.quantity
  FROM immex_pedimento e
  JOIN immex_pedimento_key k ON k.id = e.key_id AND k.code IN ('V1', 'R1')
  LEFT JOIN immex_pedimento o ON o.id = e.root_id
  LEFT JOIN immex_pedimento_key first ON first.id = o.key_id
  JOIN immex_pedimento_reference r ON r.pedimento_id = e.id AND r.kind = 'discharge'
 WHERE e.company_id = %(company_id)s AND e.operation_type = '2'
   AND e.current_id IS NULL AND e.state <> 'cancelled' AND r.document IS NOT NULL
   -- a rectification acts under the key that 701 names, else under the first one's
   AND 'V1' = CASE WHEN k.code = 'R1' THEN COALESCE((
           SELECT min(n.key_code) FROM immex_pedimento_reference n
            WHERE n.pedimento_id = e.id AND n.kind = 'rectified'
              AND n.key_code <> 'R1'), first.code)
           ELSE k.code END
"""

# a number names a pedimento of its own decade
_NAMED = """{i}.patente = e.patente AND {i}.document = e.document
       AND {i}.office = e.office
       AND abs({i}.payment_date - e.payment_date) < 1800"""
PAIRS = f"""
CREATE TEMP TABLE tmp_rc_virtual ON COMMIT DROP AS
WITH tree AS (
    SELECT c.id FROM res_company c
      JOIN res_company own ON own.id = %(company_id)s
       AND split_part(c.parent_path, '/', 1) = split_part(own.parent_path, '/', 1)
), export AS (
    SELECT DISTINCT id, number15, payment_date, patente, document, office
      FROM tmp_rc_export
), books AS (
    SELECT e.id AS export_id, e.patente, e.document, e.office,
           min(COALESCE(i.current_id, i.id)) AS import_id
      FROM export e
      JOIN immex_pedimento i ON {_NAMED.format(i="i")}
       AND i.operation_type = '1' AND i.state <> 'cancelled'
      JOIN tree ON tree.id = i.company_id
     GROUP BY 1, 2, 3, 4
), store AS (
    SELECT e.id AS export_id, e.patente, e.document, e.office, min(l.id) AS import_id
      FROM export e
      JOIN tmp_rc_theirs i ON {_NAMED.format(i="i")}
      JOIN tmp_rc_theirs l ON l.chain = i.chain AND l.last
      JOIN immex_datastage_pedimento d ON d.id = l.id AND d.operation_type = '1'
     GROUP BY 1, 2, 3, 4
)
SELECT e.id AS export_id, e.number15, e.payment_date, e.patente, e.document, e.office,
       b.import_id AS books_id, CASE WHEN b.import_id IS NULL THEN s.import_id END
           AS store_id, COALESCE(p.number15, d.number15) AS import_number
  FROM export e
  LEFT JOIN books b ON (b.export_id, b.patente, b.document, b.office)
       = (e.id, e.patente, e.document, e.office)
  LEFT JOIN store s ON (s.export_id, s.patente, s.document, s.office)
       = (e.id, e.patente, e.document, e.office)
  LEFT JOIN immex_pedimento p ON p.id = b.import_id
  LEFT JOIN immex_datastage_pedimento d ON d.id = s.import_id AND b.import_id IS NULL
 WHERE COALESCE(p.payment_date, d.payment_date) IS NOT NULL
   AND (e.payment_date BETWEEN %(date_from)s AND %(date_to)s
        OR COALESCE(p.payment_date, d.payment_date)
           BETWEEN %(date_from)s AND %(date_to)s)
"""

_IMPORT = """
SELECT import_number, fraccion, sum(quantity) AS quantity, sum(value_usd) AS value_usd,
       CASE WHEN count(DISTINCT unit) = 1 THEN min(unit) END AS unit
  FROM (
    SELECT v.import_number, s.fraccion, s.qty_umt AS quantity, s.value_usd,
           u.code AS unit
      FROM (SELECT DISTINCT import_number, books_id FROM tmp_rc_virtual) v
      JOIN immex_pedimento_partida s ON s.pedimento_id = v.books_id
      LEFT JOIN immex_unit u ON u.id = s.umt_id
    UNION ALL
    SELECT v.import_number, s.fraccion, s.qty_umt, s.value_usd, s.umt_code
      FROM (SELECT DISTINCT import_number, store_id FROM tmp_rc_virtual) v
      JOIN immex_datastage_partida s ON s.datastage_id = v.store_id
  ) s GROUP BY 1, 2
"""
_INTO = """
INSERT INTO tmp_rc_line (level, kind, code, field, ours, theirs, ours_amount,
    theirs_amount, difference, record_key, number15, payment_date, pedimento_id,
    datastage_id, other_number)
SELECT 'virtual', 'different', {code}, f.field, f.ours, f.theirs, f.ours_amount,
       f.theirs_amount, f.difference, concat_ws('|', c.import_number, {code}),
       v.number15, v.payment_date, v.export_id, v.store_id, c.import_number
"""
_join, _differ = differences(VIRTUAL)
QUANTITIES = f"""
WITH export AS (
    SELECT v.import_number, e.fraccion, sum(e.quantity) AS quantity,
           CASE WHEN count(DISTINCT e.unit) = 1 THEN min(e.unit) END AS unit
      FROM tmp_rc_virtual v
      JOIN tmp_rc_export e ON (e.id, e.patente, e.document, e.office)
           = (v.export_id, v.patente, v.document, v.office)
     GROUP BY 1, 2
    HAVING count(e.quantity) = count(*) AND count(e.fraccion) = count(*)
), import AS ({_IMPORT}), told AS (
    -- where the exports tell tariff items and quantities at all
    SELECT * FROM import
     WHERE import_number IN (SELECT import_number FROM export)
), c AS (
    SELECT import_number, fraccion, e.unit AS ours_unit, i.unit AS theirs_unit,
           e.quantity AS ours_quantity, i.quantity AS theirs_quantity
      FROM export e FULL JOIN told i USING (import_number, fraccion)
)
{_INTO.format(code="c.fraccion")}
  FROM c
  JOIN (SELECT DISTINCT ON (import_number) * FROM tmp_rc_virtual
         ORDER BY import_number, payment_date DESC, number15) v
    ON v.import_number = c.import_number
  {_join}
 WHERE {_differ}
"""

# one export and one import: their values too
_join, _differ = differences(VIRTUAL_VALUE)
VALUES = f"""
WITH alone AS (
    SELECT * FROM (
        SELECT v.*, count(*) OVER (PARTITION BY import_number) AS exports,
               count(*) OVER (PARTITION BY export_id) AS imports
          FROM tmp_rc_virtual v) v
     WHERE exports = 1 AND imports = 1
), c AS (
    SELECT v.import_number, v.export_id, i.value_usd AS theirs_value, (
               SELECT sum(s.value_usd) FROM immex_pedimento_partida s
                WHERE s.pedimento_id = v.export_id) AS ours_value
      FROM alone v
      JOIN (SELECT import_number, sum(value_usd) AS value_usd
              FROM ({_IMPORT}) i GROUP BY 1) i USING (import_number)
)
{_INTO.format(code="NULL")}
  FROM c JOIN alone v ON v.export_id = c.export_id
  {_join}
 WHERE {_differ}
"""

STEPS = (
    (("tmp_rc_export", EXPORTS, "document"), ()),
    (("tmp_rc_virtual", PAIRS, "import_number"), (QUANTITIES, VALUES)),
)
