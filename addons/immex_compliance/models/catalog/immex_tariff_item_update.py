# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models

from .timeline import CLOSE, UpdateResult
from .update_file import UpdateRefused, digits, iso_date, read_update

COLUMNS = {
    "code": (True, digits(10)),
    "name": (True, str),
    "unit": (True, digits(1, 2)),
    "valid_from": (True, iso_date),
    "valid_to": (False, iso_date),
}
STAGE = """
CREATE TEMP TABLE tmp_tariff_update (
    line integer, code text, name text, unit text, valid_from date, valid_to date,
    unit_id integer, change text
) ON COMMIT DROP
"""
# Same code and first day: the entry itself, corrected where it differs (an entry once
# closed stays closed). Another first day: unchanged where an entry of the same content
# is in force then, else a new entry.
CLASSIFY = """
UPDATE tmp_tariff_update t
   SET change = CASE
       WHEN EXISTS (
           SELECT 1 FROM immex_tariff_item i
            WHERE i.code = t.code AND i.valid_from = t.valid_from)
       THEN CASE WHEN EXISTS (
           SELECT 1 FROM immex_tariff_item i
            WHERE i.code = t.code AND i.valid_from = t.valid_from
              AND i.name = t.name AND i.unit_id IS NOT DISTINCT FROM t.unit_id
              AND (t.valid_to IS NULL OR i.valid_to IS NOT DISTINCT FROM t.valid_to))
           THEN 'unchanged' ELSE 'corrected' END
       WHEN t.valid_to IS NULL AND EXISTS (
           SELECT 1 FROM immex_tariff_item i
            WHERE i.code = t.code AND i.name = t.name
              AND i.unit_id IS NOT DISTINCT FROM t.unit_id
              AND COALESCE(i.valid_from, '-infinity') <= t.valid_from
              AND i.valid_to IS NULL)
       THEN 'unchanged' ELSE 'added' END
"""
CORRECT = """
UPDATE immex_tariff_item i
   SET name = t.name, unit_id = t.unit_id, valid_to = COALESCE(t.valid_to, i.valid_to),
       write_uid = %(uid)s, write_date = now() AT TIME ZONE 'UTC'
  FROM tmp_tariff_update t
 WHERE t.change = 'corrected' AND i.code = t.code AND i.valid_from = t.valid_from
RETURNING i.code, i.name
"""
ADD = """
INSERT INTO immex_tariff_item (code, fraccion, nico, name, unit_id, valid_from,
    valid_to, active, create_uid, create_date, write_uid, write_date)
SELECT code, left(code, 8), right(code, 2), name, unit_id, valid_from, valid_to, TRUE,
       %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
  FROM tmp_tariff_update WHERE change = 'added' ORDER BY code, valid_from
RETURNING code, name
"""
ABSENT = """
UPDATE immex_tariff_item i
   SET valid_to = %(date)s::date - 1, write_uid = %(uid)s,
       write_date = now() AT TIME ZONE 'UTC'
 WHERE (i.valid_to IS NULL OR i.valid_to >= %(date)s)
   AND COALESCE(i.valid_from, '-infinity') < %(date)s
   AND NOT EXISTS (SELECT 1 FROM tmp_tariff_update t WHERE t.code = i.code)
RETURNING i.id
"""

STAGE_ROWS = (
    "INSERT INTO tmp_tariff_update (line, code, name, unit, valid_from, valid_to)"
    " VALUES %s"
)
CLOSE_ENTRIES = CLOSE.format(
    table="immex_tariff_item",
    join="",
    series="x.code",
    touched="x.code IN (SELECT code FROM tmp_tariff_update)",
)


class ImmexTariffItem(models.Model):
    _inherit = "immex.tariff.item"

    @api.model
    def _load_update(self, data, name, edition_date=None):
        """Bring the tariff to what an update file says; return an
        :class:`UpdateResult`.

        Documents, parts and partidas keep the entry that they have: an entry is
        closed, never removed, and another one added.

        :param bytes data: CSV with the columns code, name, unit (Appendix 7),
            valid_from, valid_to (may be absent)
        :param edition_date: the file is the whole tariff in force from that day:
            entries of codes that it lacks are closed on the day before
        :raise UpdateRefused: nothing is written
        """
        rows = read_update(data, name, COLUMNS)
        self.flush_model()
        cr, parameters = self.env.cr, {"uid": self.env.uid, "date": edition_date}
        cr.execute("DROP TABLE IF EXISTS tmp_tariff_update")
        cr.execute(STAGE)
        cr.execute_values(
            STAGE_ROWS,
            [
                (
                    row["line"],
                    row["code"],
                    " ".join(row["name"].split()),
                    row["unit"].lstrip("0"),
                    row["valid_from"],
                    row["valid_to"],
                )
                for row in rows
            ],
        )
        cr.execute(
            "UPDATE tmp_tariff_update t SET unit_id = u.id FROM immex_unit u"
            " WHERE u.code = t.unit AND u.active"
        )
        self._check_update(name)
        cr.execute("CREATE INDEX ON tmp_tariff_update (code)")
        cr.execute("ANALYZE tmp_tariff_update")
        cr.execute(CLASSIFY)
        result = UpdateResult()
        cr.execute("SELECT count(*) FROM tmp_tariff_update WHERE change = 'unchanged'")
        result.unchanged = cr.fetchone()[0]
        for change, statement in (("corrected", CORRECT), ("added", ADD)):
            cr.execute(statement, parameters)
            result.note(change, cr.fetchall())
        cr.execute(CLOSE_ENTRIES, parameters)
        closed = [row[0] for row in cr.fetchall()]
        if edition_date:
            cr.execute(ABSENT, parameters)
            closed += [row[0] for row in cr.fetchall()]
        self.env.invalidate_all(flush=False)
        self.env.registry.clear_cache()
        result.note(
            "closed",
            [
                (item.code, f"{item.name} ({item.valid_to})")
                for item in self.browse(closed).sorted("code")
            ],
        )
        return result

    @api.model
    def _check_update(self, name):
        """Refuse what single cells cannot show."""
        self.env.cr.execute(
            """
            SELECT line, 'column unit: unknown unit ' || unit
              FROM tmp_tariff_update WHERE unit_id IS NULL
            UNION ALL
            SELECT line, 'column valid_to: before valid_from'
              FROM tmp_tariff_update WHERE valid_to < valid_from
            UNION ALL
            SELECT max(line), 'code ' || code || ' twice from ' || valid_from
              FROM tmp_tariff_update GROUP BY code, valid_from HAVING count(*) > 1
             ORDER BY 1 LIMIT 50
            """
        )
        errors = [
            f"{name}, line {line}, {text}" for line, text in self.env.cr.fetchall()
        ]
        if errors:
            raise UpdateRefused(errors)
