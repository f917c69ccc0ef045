# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexFirstLoadingLine(models.Model):
    """Pedimentos of a year and key: in Data Stage, recorded before and after."""

    _name = "immex.first.loading.line"
    _description = "First loading: before and after"
    _order = "loading_id, year, operation_type, key_code"
    _log_access = False

    loading_id = fields.Many2one(
        "immex.first.loading", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="loading_id.company_id")
    year = fields.Integer("Year of Payment", aggregator=False)
    operation_type = fields.Selection([("1", "Import"), ("2", "Export")])
    key_code = fields.Char("Key")
    government = fields.Integer("In Data Stage")
    before = fields.Integer("Recorded Before")
    after = fields.Integer("Recorded After")
    missing = fields.Integer("Not Recorded", help="In Data Stage and not in the books.")
    partidas = fields.Integer("Partidas in Data Stage")
    partidas_after = fields.Integer("Partidas Recorded")
    customs_value = fields.Float(
        "Customs Value in Data Stage (MXN)",
        digits=(20, 2),
        help="Of imports; exports have their commercial value.",
    )
    customs_value_after = fields.Float(
        "Customs Value Recorded (MXN)", digits=(20, 2), help="The same, in the books."
    )
    contributions = fields.Float(
        "Contributions in Data Stage (MXN)",
        digits=(20, 2),
        help="Amounts of the pedimentos and of their partidas, all forms of payment.",
    )
    contributions_after = fields.Float(
        "Contributions Recorded (MXN)", digits=(20, 2), help="The same, in the books."
    )
