# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models

from .timeline import CLOSE, UpdateResult
from .update_file import (
    UpdateRefused,
    boolean,
    choice,
    digits,
    iso_date,
    percentage,
    read_update,
)

COLUMNS = {
    "code": (True, digits(8, 10)),
    "flow": (True, choice("import", "export")),
    "rate": (False, percentage),
    "specific": (False, str),
    "valid_from": (True, iso_date),
    "valid_to": (False, iso_date),
    "source": (True, str),
    "verified": (False, boolean),
}
STAGE = """
CREATE TEMP TABLE tmp_rate_file (
    line integer, code text, flow text, rate numeric, specific text, valid_from date,
    valid_to date, source text, verified boolean
) ON COMMIT DROP
"""
# A fracción of 8 digits stands for all its NICOs. The entry of the tariff in force on
# the first day takes the rate, else the latest.
RESOLVE = """
CREATE TEMP TABLE tmp_rate_update ON COMMIT DROP AS
SELECT DISTINCT ON (c.code, c.flow, c.valid_from, c.line)
       c.line, c.code, c.tariff_item_id, c.flow, COALESCE(c.rate, 0) AS rate,
       c.specific, c.valid_from, c.valid_to, c.source, c.verified,
       NULL::text AS change
  FROM (
      SELECT t.line, t.flow, t.rate, t.specific, t.valid_from, t.valid_to, t.source,
             t.verified, i.code, i.id AS tariff_item_id,
             i.valid_from AS item_from, i.valid_to AS item_to
        FROM tmp_rate_file t JOIN immex_tariff_item i ON i.code = t.code
      UNION ALL
      SELECT t.line, t.flow, t.rate, t.specific, t.valid_from, t.valid_to, t.source,
             t.verified, i.code, i.id, i.valid_from, i.valid_to
        FROM tmp_rate_file t JOIN immex_tariff_item i ON i.fraccion = t.code
  ) c
 ORDER BY c.code, c.flow, c.valid_from, c.line,
          (c.valid_from BETWEEN COALESCE(c.item_from, '-infinity')
                            AND COALESCE(c.item_to, 'infinity')) DESC,
          c.item_from DESC NULLS LAST, c.tariff_item_id DESC
"""
CHECK = """
SELECT line, 'column code: unknown tariff item ' || code FROM tmp_rate_file t
 WHERE NOT EXISTS (SELECT 1 FROM tmp_rate_update u WHERE u.line = t.line)
UNION ALL
SELECT line, 'columns rate and specific: both empty' FROM tmp_rate_file
 WHERE rate IS NULL AND specific IS NULL
UNION ALL
SELECT line, 'column valid_to: before valid_from' FROM tmp_rate_file
 WHERE valid_to < valid_from
UNION ALL
SELECT max(line), 'code ' || code || ' ' || flow || ' twice from ' || valid_from
  FROM tmp_rate_update GROUP BY code, flow, valid_from HAVING count(*) > 1
 ORDER BY 1 LIMIT 50
"""
KNOWN = """
CREATE TEMP TABLE tmp_rate_known ON COMMIT DROP AS
SELECT i.code, r.flow, r.valid_from, r.valid_to, r.rate::numeric AS rate,
       COALESCE(r.specific, '') AS specific, COALESCE(r.verified, FALSE) AS verified
  FROM immex_tariff_rate r JOIN immex_tariff_item i ON i.id = r.tariff_item_id
 WHERE i.code IN (SELECT code FROM tmp_rate_update)
"""
SAME = """
       r.rate = t.rate AND r.specific = COALESCE(t.specific, '')
   AND r.verified = t.verified
"""
CLASSIFY = f"""
UPDATE tmp_rate_update t
   SET change = CASE
       WHEN EXISTS (
           SELECT 1 FROM tmp_rate_known r
            WHERE r.code = t.code AND r.flow = t.flow AND r.valid_from = t.valid_from)
       THEN CASE WHEN EXISTS (
           SELECT 1 FROM tmp_rate_known r
            WHERE r.code = t.code AND r.flow = t.flow AND r.valid_from = t.valid_from
              AND (t.valid_to IS NULL OR r.valid_to IS NOT DISTINCT FROM t.valid_to)
              AND {SAME})
           THEN 'unchanged' ELSE 'corrected' END
       WHEN t.valid_to IS NULL AND EXISTS (
           SELECT 1 FROM tmp_rate_known r
            WHERE r.code = t.code AND r.flow = t.flow AND r.valid_from <= t.valid_from
              AND r.valid_to IS NULL AND {SAME})
       THEN 'unchanged' ELSE 'added' END
"""
CORRECT = """
UPDATE immex_tariff_rate r
   SET rate = t.rate, specific = t.specific, source = t.source, verified = t.verified,
       valid_to = COALESCE(t.valid_to, r.valid_to),
       write_uid = %(uid)s, write_date = now() AT TIME ZONE 'UTC'
  FROM tmp_rate_update t, immex_tariff_item i
 WHERE t.change = 'corrected' AND i.id = r.tariff_item_id AND i.code = t.code
   AND r.flow = t.flow AND r.valid_from = t.valid_from
RETURNING r.id
"""
ADD = """
INSERT INTO immex_tariff_rate (tariff_item_id, flow, rate, specific, valid_from,
    valid_to, source, verified, create_uid, create_date, write_uid, write_date)
SELECT tariff_item_id, flow, rate, specific, valid_from, valid_to, source, verified,
       %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
  FROM tmp_rate_update WHERE change = 'added' ORDER BY code, flow, valid_from
RETURNING id
"""

STAGE_ROWS = f"INSERT INTO tmp_rate_file (line, {', '.join(COLUMNS)}) VALUES %s"
CLOSE_RATES = CLOSE.format(
    table="immex_tariff_rate",
    join="JOIN immex_tariff_item i ON i.id = x.tariff_item_id",
    series="i.code, x.flow",
    touched="i.code IN (SELECT code FROM tmp_rate_update)",
)


class ImmexTariffRate(models.Model):
    _inherit = "immex.tariff.rate"

    @api.model
    def _load_update(self, data, name, verified=False):
        """Bring the duty rates to what an update file says; return an
        :class:`UpdateResult`.

        A rate that changed is closed and another added; what documents declared is
        theirs and stays.

        :param bytes data: CSV with the columns code (8 digits for all its NICOs, or
            10), flow (import, export), rate (percentage) or specific (text),
            valid_from, valid_to, source, verified (0 or 1)
        :param verified: for rows that do not say so themselves
        :raise UpdateRefused: nothing is written
        """
        rows = read_update(data, name, COLUMNS)
        self.flush_model()
        self.env["immex.tariff.item"].flush_model()
        cr, parameters = self.env.cr, {"uid": self.env.uid}
        cr.execute(
            "DROP TABLE IF EXISTS tmp_rate_file, tmp_rate_update, tmp_rate_known"
        )
        cr.execute(STAGE)
        for row in rows:
            if row["verified"] is None:
                row["verified"] = verified
        cr.execute_values(
            STAGE_ROWS,
            [tuple(row[column] for column in ("line", *COLUMNS)) for row in rows],
        )
        cr.execute("CREATE INDEX ON tmp_rate_file (code)")
        cr.execute("ANALYZE tmp_rate_file")
        cr.execute(RESOLVE)
        cr.execute("CREATE INDEX ON tmp_rate_update (line)")
        cr.execute("ANALYZE tmp_rate_update")
        cr.execute(CHECK)
        errors = [f"{name}, line {line}, {text}" for line, text in cr.fetchall()]
        if errors:
            raise UpdateRefused(errors)
        cr.execute(KNOWN)
        cr.execute("CREATE INDEX ON tmp_rate_known (code)")
        cr.execute("ANALYZE tmp_rate_known")
        cr.execute(CLASSIFY)
        result = UpdateResult()
        cr.execute("SELECT count(*) FROM tmp_rate_update WHERE change = 'unchanged'")
        result.unchanged = cr.fetchone()[0]
        done = {}
        for change, statement in (("corrected", CORRECT), ("added", ADD)):
            cr.execute(statement, parameters)
            done[change] = [row[0] for row in cr.fetchall()]
        cr.execute(CLOSE_RATES, parameters)
        done["closed"] = [row[0] for row in cr.fetchall()]
        self.env.invalidate_all(flush=False)
        for change, ids in done.items():
            result.note(change, self._describe(ids))
        return result

    @api.model
    def _describe(self, ids):
        """(code, text) of rates, for the report."""
        self.env.cr.execute(
            """
            SELECT i.code,
                   concat_ws(' ', r.flow,
                             COALESCE(r.specific, trim_scale(r.rate::numeric) || ' %%'),
                             r.valid_from, '-', r.valid_to)
              FROM immex_tariff_rate r JOIN immex_tariff_item i
                ON i.id = r.tariff_item_id
             WHERE r.id = ANY (%s) ORDER BY i.code, r.flow, r.valid_from
            """,
            [list(ids)],
        )
        return self.env.cr.fetchall()
