# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexPedimentoInvoice(models.Model):
    """Invoice, CFDI or acuse de valor of a pedimento (record 505)."""

    _name = "immex.pedimento.invoice"
    _inherit = ["immex.abstract.pedimento.row"]
    _description = "Invoice of a pedimento"
    _order = "pedimento_id, sequence"
    _rec_name = "number"
    _check_company_auto = True

    pedimento_id = fields.Many2one(
        "immex.pedimento",
        check_company=True,
        required=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one("res.company", required=True)
    sequence = fields.Integer()
    number = fields.Char("Invoice or COVE", index=True)
    date = fields.Date()
    incoterm = fields.Char(size=3)
    currency = fields.Char(size=3)
    value_usd = fields.Float("Value (USD)", digits=(18, 2))
    value_currency = fields.Float("Value (Currency)", digits=(18, 2))
    country_code = fields.Char(size=3)
    state_code = fields.Char(size=3)
    tax_id = fields.Char("Supplier's or Buyer's Tax ID")
    partner_name = fields.Char("Supplier or Buyer")
    street = fields.Char()
    interior = fields.Char()
    exterior = fields.Char()
    zip = fields.Char()
    city = fields.Char("Municipality")
    partner_id = fields.Many2one("res.partner")
