# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexOpeningLine(models.Model):
    """A line of a file of initial balances, as it was read: what remains of a part of
    a partida. ``quantity`` and ``balance`` in the part's unit, values of the balance.
    """

    _name = "immex.opening.line"
    _description = "Initial balance of a part"
    _order = "opening_id, source_line, id"
    _rec_name = "number15"
    _check_company_auto = True

    opening_id = fields.Many2one(
        "immex.opening", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    source_line = fields.Integer("Line in File", required=True)
    number15 = fields.Char("Pedimento", required=True)
    office_section = fields.Char(size=3)
    key_id = fields.Many2one("immex.pedimento.key", required=True)
    operation_rule_id = fields.Many2one("immex.operation.rule", "Effect Rule")
    entry_date = fields.Date(required=True)
    payment_date = fields.Date(required=True)
    partida = fields.Integer(required=True)
    sequence = fields.Integer("Line", required=True)
    product_id = fields.Many2one("product.product", required=True, index=True)
    description = fields.Char()
    lot_name = fields.Char("Lot or Serial")
    quantity = fields.Float("Imported", digits=(18, 6), required=True)
    balance = fields.Float(digits=(18, 6), required=True)
    qty_umc = fields.Float("Balance UMC", digits=(18, 3), required=True)
    umc_id = fields.Many2one("immex.unit", "UMC", required=True)
    qty_umt = fields.Float("Balance UMT", digits=(23, 5), required=True)
    umt_id = fields.Many2one("immex.unit", "UMT", required=True)
    fraccion = fields.Char("Tariff Item", size=8, required=True)
    nico = fields.Char("NICO", size=2)
    value_usd = fields.Float("Value (USD)", digits=(18, 2), required=True)
    customs_value = fields.Float("Customs Value (MXN)", digits=(18, 2), required=True)
    igi_rate = fields.Float("Duty Rate (%)", digits=(15, 10))
    origin_country_id = fields.Many2one("res.country", "Country of Origin")
    declared_term_end = fields.Date("End of Term")

    _place_unique = models.Constraint(
        "UNIQUE (opening_id, number15, partida, sequence)",
        "A line of a partida occurs once in a file of balances.",
    )
