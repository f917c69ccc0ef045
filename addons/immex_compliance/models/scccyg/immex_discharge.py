# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from . import scccyg_sql as sql


class ImmexDischarge(models.Model):
    _inherit = "immex.discharge"

    # to search by alone, so that an action needs no list of ids
    left_out_of_id = fields.Many2one(
        "immex.scccyg.report",
        store=False,
        search="_search_left_out_of_id",
        exportable=False,
        help="SCCCyG report that leaves the discharge out, since the import's term "
        "ends within its period (RGCE Anexo 30, III-d).",
    )

    def _search_left_out_of_id(self, operator, value):
        if operator != "in":
            return NotImplemented
        reports = self.env["immex.scccyg.report"].search(
            [("id", "in", list(value)), ("kind", "!=", "initial")]
        )
        return Domain.OR(
            Domain("id", "in", SQL("(%s)", SQL(sql.LEFT_OUT, **report._params())))
            for report in reports
        )
