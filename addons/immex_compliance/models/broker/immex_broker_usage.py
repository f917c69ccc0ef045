# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import random
import time
from datetime import timedelta

from psycopg2 import errors

from odoo import api, fields, models
from odoo.tools import SQL

TRIES = 30
KEEP = timedelta(days=60)

# Counts, where the limit allows it: no row comes back where it does not.
COUNT = """
INSERT INTO immex_broker_usage AS u (broker_id, kind, begins_at, amount)
SELECT %(broker)s, %(kind)s,
       date_trunc(%(unit)s, clock_timestamp() AT TIME ZONE 'UTC'), %(amount)s
 WHERE %(amount)s <= %(limit)s
    ON CONFLICT (broker_id, kind, begins_at)
    DO UPDATE SET amount = u.amount + EXCLUDED.amount
 WHERE u.amount + EXCLUDED.amount <= %(limit)s
RETURNING u.amount
"""


class ImmexBrokerUsage(models.Model):
    """How many calls a broker made in a minute, how many bytes it sent in a day.

    Counted in transactions of their own, so that every worker sees the count at once
    and a call that fails counts as well.
    """

    _name = "immex.broker.usage"
    _description = "Use of the broker service"
    _order = "begins_at desc"
    _log_access = False

    broker_id = fields.Many2one("immex.broker", required=True, ondelete="cascade")
    kind = fields.Selection(
        [("calls", "Calls in a minute"), ("bytes", "Bytes in a day")], required=True
    )
    begins_at = fields.Datetime("From", required=True)
    amount = fields.Float(digits=(18, 0), required=True)

    _of_span = models.UniqueIndex("(broker_id, kind, begins_at)")

    @api.model
    @api.private
    def _count(self, broker, kind, amount, limit):
        """Count ``amount``; False, and nothing counted, where that goes beyond the
        limit of the minute (calls) or the day (bytes)."""
        statement = SQL(
            COUNT,
            broker=broker.id,
            kind=kind,
            unit="minute" if kind == "calls" else "day",
            amount=amount,
            limit=limit,
        )
        for left in reversed(range(TRIES)):
            with self.env.registry.cursor() as cr:
                try:
                    cr.execute(statement)
                    return bool(cr.fetchone())
                except errors.SerializationFailure:
                    # another worker counted meanwhile: read its count and go on
                    cr.rollback()
                    if not left:
                        raise
            time.sleep(random.uniform(0, 0.02))
        return False

    @api.autovacuum
    def _gc(self):
        self.env.execute_query(
            SQL(
                "DELETE FROM immex_broker_usage WHERE begins_at < %s RETURNING id",
                fields.Datetime.now() - KEEP,
            )
        )
