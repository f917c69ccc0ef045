# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexScccygGoods(models.Model):
    """A line with a value: of the initial inventory, a pedimento and tariff item; of a
    discharge report, a tariff item (Anexo 30, I-e and III-c)."""

    _name = "immex.scccyg.goods"
    _description = "SCCCyG: values"
    _order = "report_id, payment_date, pedimento_id, fraccion, fixed_asset, id"
    _log_access = False
    _rec_name = "fraccion"

    report_id = fields.Many2one(
        "immex.scccyg.report", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="report_id.company_id")
    pedimento_id = fields.Many2one("immex.pedimento", ondelete="restrict")
    payment_date = fields.Date()
    fraccion = fields.Char(
        "Tariff Item", size=8, help="As declared when the goods were imported."
    )
    fixed_asset = fields.Boolean()
    value = fields.Float(
        "Commercial Value (MXN)",
        digits=(20, 2),
        required=True,
        help="Pending, or discharged in the period: the share of the import's "
        "commercial value, exact, rounded once at its position on the import.",
    )
    value_file = fields.Float(
        "In the File Read Back (MXN)", digits=(20, 6), help="Empty: not compared."
    )
    compared = fields.Boolean()
    difference = fields.Float("Difference (MXN)", digits=(20, 6))
