# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

from ..stock.stock_location import CUSTOMS_STATUSES


class ImmexProductionConsumption(models.Model):
    """What one production layer drew of one material (Anexo 24 A-II-b, RLA 171).

    ``qty_drawn = qty_incorporated + qty_merma + qty_waste``, actual quantities.
    """

    _name = "immex.production.consumption"
    _description = "Material drawn by an order"
    _order = "production_layer_id, product_id, id"
    _rec_name = "product_id"
    _check_company_auto = True

    production_layer_id = fields.Many2one(
        "immex.production.layer", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one("res.company", required=True)
    product_id = fields.Many2one(
        "product.product", "Material", required=True, index=True
    )
    lot_id = fields.Many2one("stock.lot", "Lot or Serial")
    customs_status = fields.Selection(CUSTOMS_STATUSES, required=True)
    status_source = fields.Selection(
        [
            ("lot", "Lot"),
            ("location", "Location"),
            ("owner", "Owner"),
            ("only", "The part has one status only"),
            ("policy", "Company policy"),
            ("period", "Ratified period consumption"),
            ("opening", "Initial balances"),
        ],
        required=True,
    )
    principal_id = fields.Many2one("res.partner")
    period_line_id = fields.Many2one(
        "immex.period.consumption.line",
        "Period Consumption",
        index="btree_not_null",
        ondelete="restrict",
        help="Set: no order drew this; it is a share of a ratified difference.",
    )
    qty_drawn = fields.Float("Drawn", digits=(18, 6), required=True)
    qty_incorporated = fields.Float("Incorporated", digits=(18, 6), required=True)
    qty_merma = fields.Float("Merma", digits=(18, 6), required=True, default=0)
    qty_waste = fields.Float("Waste", digits=(18, 6), required=True, default=0)
    qty_over = fields.Float(
        "Split Over Drawn",
        digits=(18, 6),
        required=True,
        default=0,
        help="Merma and waste that were entered beyond what the order drew.",
    )
    date = fields.Date(required=True)
    natural_key = fields.Char(required=True)
    active = fields.Boolean(default=True, help="Off: the order no longer says this.")

    _key_unique = models.Constraint(
        "UNIQUE (production_layer_id, natural_key)",
        "A material occurs once in a production layer.",
    )
    _tail = models.Index("(company_id, product_id, date) WHERE active")
    _over = models.Index("(company_id) WHERE active AND qty_over > 0")
    _split = models.Constraint(
        "CHECK (qty_drawn = qty_incorporated + qty_merma + qty_waste"
        " AND qty_incorporated >= 0 AND qty_merma >= 0 AND qty_waste >= 0)",
        "Drawn is incorporated plus merma plus waste.",
    )
