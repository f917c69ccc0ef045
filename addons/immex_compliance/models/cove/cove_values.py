# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Values of a COVE, computed where they are exact: in the database.

The unit value is the total over the quantity, to 6 decimals; the value in dollars is
the total times the factor, to 4.
"""

from odoo.tools import SQL

_VALUES = """
    UPDATE immex_cove_line line
       SET unit_value = values.unit_value, usd = values.usd
      FROM (
            SELECT line.id,
                   CASE WHEN line.quantity > 0
                        THEN round(line.total / line.quantity, 6) ELSE 0 END
                       AS unit_value,
                   round(line.total * cove.usd_factor, 4) AS usd
              FROM immex_cove_line line
              JOIN immex_cove cove ON cove.id = line.cove_id
             WHERE cove.id IN %(coves)s AND cove.state = 'draft'
           ) values
     WHERE values.id = line.id
       AND (line.unit_value, line.usd)
           IS DISTINCT FROM (values.unit_value, values.usd)
"""

# Units of a currency per unit of the company's: the last rate of that day or before.
_RATE = """
    SELECT rate.rate::text, rate.name
      FROM res_currency_rate rate
     WHERE rate.currency_id = %(currency)s
       AND rate.name <= %(date)s
       AND (rate.company_id IS NULL OR rate.company_id = %(company)s)
       AND rate.rate > 0
     ORDER BY rate.name DESC, rate.company_id NULLS LAST
     LIMIT 1
"""

_FACTOR = """
    UPDATE immex_cove
       SET usd_factor = CASE WHEN %(own)s::numeric > 0
                             THEN round(%(dollar)s::numeric / %(own)s::numeric, 8)
                             ELSE 0 END,
           rate_date = %(date)s, rate_source = 'odoo'
     WHERE id = %(cove)s
"""


def refresh_values(coves):
    """Compute unit values and dollars of the goods of drafts."""
    if not coves:
        return
    coves.env.flush_all()
    coves.env.cr.execute(SQL(_VALUES, coves=tuple(coves.ids)))
    coves.line_ids.invalidate_recordset(["unit_value", "usd"])
    coves.invalidate_recordset(["problem_html"])


def refresh_rate(cove):
    """Take the factor of the day of issue from Odoo's rates; where Odoo knows none, the
    factor is zero and the checks ask for it: a rate is never supposed."""
    env = cove.env
    dollar = env.ref("base.USD")
    if cove.currency_id == dollar:
        cove.write(
            {"usd_factor": 1, "rate_source": "same", "rate_date": cove.date or False}
        )
        return
    of_dollar, dollar_date = _rate(cove, dollar)
    of_own, own_date = _rate(cove, cove.currency_id)
    dates = [date for date in (dollar_date, own_date) if date]
    cove.flush_recordset()
    env.cr.execute(
        SQL(
            _FACTOR,
            own=of_own,
            dollar=of_dollar,
            date=min(dates) if dates else None,
            cove=cove.id,
        )
    )
    cove.invalidate_recordset(["usd_factor", "rate_date", "rate_source"])


def _rate(cove, currency):
    """(rate as text, its date) of a currency against the company's; "0": unknown."""
    if currency == cove.company_id.currency_id:
        return "1", None
    rows = cove.env.execute_query(
        SQL(
            _RATE,
            currency=currency.id,
            date=cove.date or "-infinity",
            company=cove.company_id.root_id.id,
        )
    )
    return rows[0] if rows else ("0", None)
