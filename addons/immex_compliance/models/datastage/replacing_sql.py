# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Statements for pedimentos that the store has already, from another file.

What customs made later counts, in whatever order the files are loaded; of a file that
lacks a table, what an earlier file told in that table stays.
"""

from ...formats.datastage import KEY, TABLES
from .store_sql import DOCUMENT, PATENTE, SECTION, staged, text

# tables whose rows are of no pedimento
APART = [table for table, columns in TABLES.items() if not set(KEY) <= set(columns)]

_SAME = """p.company_id = %(company_id)s AND p.year = k.year
       AND p.office = left(k.section, 2) AND p.patente = k.patente
       AND p.document = k.document"""

# When customs made the file, in UTC.
EXECUTED = f"""
SELECT max({text("Fecha_Ejecucion")}::timestamp AT TIME ZONE 'America/Mexico_City')
           AT TIME ZONE 'UTC'
  FROM {staged("Resumen")} s
 WHERE {text("Fecha_Ejecucion")} ~ %(date)s
"""

# Pedimentos that a file of a later day told: they leave the key, and so this file.
OLDER = f"""
CREATE TEMP TABLE tmp_ds_older ON COMMIT DROP AS
SELECT k.patente, k.document, k.section
  FROM tmp_ds_key k
  JOIN immex_datastage_pedimento p ON {_SAME}
  JOIN immex_pedimento_file f ON f.id = p.file_id
 WHERE f.datastage_executed > %(executed)s
"""
LEAVE = """
DELETE FROM tmp_ds_key k USING tmp_ds_older o
 WHERE (k.patente, k.document, k.section) = (o.patente, o.document, o.section)
"""


def leave_rows(table):
    """Statement that takes their rows out of a staged table."""
    return (
        f"DELETE FROM {staged(table)} s USING tmp_ds_older o"
        f" WHERE o.patente = {PATENTE} AND o.document = {DOCUMENT}"
        f" AND o.section = {SECTION}"
    )


# The others keep their id.
KNOWN = f"""
UPDATE tmp_ds_key k SET id = p.id FROM immex_datastage_pedimento p WHERE {_SAME}
"""

# Tables that were told of a pedimento, where that is more than those of this file.
TOLD = """
UPDATE immex_datastage_pedimento p
   SET tables = CASE WHEN t.told - %(came)s::text[] <> '{}'
                     THEN t.told || %(counts)s::jsonb END
  FROM tmp_ds_key k,
       LATERAL (
           SELECT COALESCE(v.tables, f.row_counts, '{}') AS told
             FROM immex_datastage_pedimento v
             JOIN immex_pedimento_file f ON f.id = v.file_id
            WHERE v.id = k.id) t
 WHERE p.id = k.id
"""
KEPT = """
SELECT count(DISTINCT p.id), string_agg(DISTINCT t.key, ', ' ORDER BY t.key)
  FROM tmp_ds_key k
  JOIN immex_datastage_pedimento p ON p.id = k.id
 CROSS JOIN LATERAL jsonb_each(p.tables) t
 WHERE t.key <> ALL(%(came)s) AND t.value <> '0'
"""

_ROWS = {
    "505": ("invoice", "TRUE"),
    "506": ("date", "TRUE"),
    "507": ("identifier", "c.sequence IS NULL"),
    "509": ("contribution", "c.kind = 'rate' AND c.sequence IS NULL"),
    "510": ("contribution", "c.kind = 'amount' AND c.sequence IS NULL"),
    "512": ("reference", "TRUE"),
    "551": ("partida", "TRUE"),
    "554": ("identifier", "c.sequence IS NOT NULL"),
    "556": ("contribution", "c.kind = 'rate' AND c.sequence IS NOT NULL"),
    "557": ("contribution", "c.kind = 'amount' AND c.sequence IS NOT NULL"),
    "702": ("contribution", "c.kind = 'difference'"),
}
_CLEARED = {
    "506": "entry_date = NULL",
    "701": "previous_patente = NULL, previous_document = NULL, previous_section = NULL,"
    " previous_key = NULL, previous_date = NULL, original_patente = NULL,"
    " original_document = NULL, original_section = NULL",
}
RECORDS = """
DELETE FROM immex_datastage_record c USING tmp_ds_key k
 WHERE c.datastage_id = k.id AND c.table_name = ANY(%(came)s)
"""


def replaced(tables):
    """Statements that take away what earlier files told in these tables."""
    for table in tables:
        if table in _ROWS:
            target, condition = _ROWS[table]
            yield (
                f"DELETE FROM immex_datastage_{target} c USING tmp_ds_key k"
                f" WHERE c.datastage_id = k.id AND {condition}"
            )
        if table in _CLEARED:
            yield (
                f"UPDATE immex_datastage_pedimento p SET {_CLEARED[table]}"
                " FROM tmp_ds_key k WHERE p.id = k.id"
            )
    yield RECORDS
