# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

MONTHS_PARAMETER = "immex_compliance.vucem_answer_months"
BATCH = 5000
# What a fetch still collects is none of it, nor what registers something: its receipt.
EMPTY = """
UPDATE immex_exchange e SET answer = NULL
 WHERE id IN (
       SELECT x.id FROM immex_exchange x
        WHERE x.repeatable AND x.answer IS NOT NULL
          AND x.state NOT IN ('waiting', 'sending') AND x.create_date < %s
          AND NOT EXISTS (
              SELECT FROM immex_vucem_fetch f
               WHERE x.res_model = 'immex.vucem.fetch' AND f.id = x.res_id
                 AND f.state IN ('asking', 'incomplete', 'loading'))
        LIMIT %s)
RETURNING id
"""


class ImmexExchange(models.Model):
    # needs the table of what is fetched
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "immex.exchange"

    @api.autovacuum
    def _gc_answers(self):
        """Answers to questions go after so many months (system parameter; none: they
        stay), their exchanges stay: what was made of them has its own record."""
        told = self.env["ir.config_parameter"].sudo().get_param(MONTHS_PARAMETER)
        if not told or not told.isdecimal() or not int(told):
            return
        before = fields.Datetime.now() - relativedelta(months=int(told))
        self.env.flush_all()
        self.env.execute_query(SQL(EMPTY, before, BATCH))
        self.env["immex.exchange"].invalidate_model(["answer"])
