# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

from .walk import part, title


class ImmexProductionLayer(models.Model):
    """What an order put out, with what it really drew: the dynamic BOM.

    Production does not discharge. One record per order, product and lot; residue
    that an order put out as a part of its own is a layer of kind ``waste``. Products
    that were on hand with the initial balances have no order.
    """

    _name = "immex.production.layer"
    _description = "Production layer"
    _order = "date desc, id desc"
    _rec_name = "production_id"
    _rec_names_search = ["production_id.name", "product_id", "lot_id.name"]
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True)
    order_name = fields.Char("Former Order", help="Order of the system before this.")
    kind = fields.Selection(
        [("product", "Product"), ("waste", "Waste (desperdicio)")], required=True
    )
    production_id = fields.Many2one(
        "mrp.production",
        "Order",
        index=True,
        ondelete="restrict",
        help="None: it was on hand when the company came from another system.",
        # searched by whoever reads the layer, with or without rights on production
        bypass_search_access=True,
    )
    product_id = fields.Many2one("product.product", required=True, index=True)
    lot_id = fields.Many2one("stock.lot", "Lot or Serial", bypass_search_access=True)
    principal_id = fields.Many2one(
        "res.partner", help="Whose material is in the product."
    )
    principal_count = fields.Integer("Principals", help="Several are a finding.")
    in_cycle = fields.Boolean(
        help="Orders consumed each other's output: nothing below is known."
    )
    subcontractor_id = fields.Many2one("res.partner", "Sub-manufacturer")
    quantity = fields.Float(
        digits=(18, 6), required=True, help="In the product's unit."
    )
    qty_used = fields.Float(
        "Taken",
        digits=(18, 6),
        required=True,
        default=0,
        readonly=True,
        help="Part of the output that exits, and orders that drew it, took by PEPS.",
    )
    date = fields.Date(required=True, index=True)
    natural_key = fields.Char(
        required=True, help="Order name, product and lot: orders equal dates."
    )
    active = fields.Boolean(default=True, help="Off: the order no longer says this.")
    use_ids = fields.One2many("immex.production.use", "production_layer_id")
    consumption_ids = fields.One2many(
        "immex.production.consumption", "production_layer_id"
    )

    _output_unique = models.UniqueIndex(
        "(company_id, kind, production_id, product_id, COALESCE(lot_id, 0))"
    )
    _before_unique = models.UniqueIndex(
        "(company_id, natural_key) WHERE production_id IS NULL"
    )
    _stack = models.Index("(company_id, product_id, kind, date)")
    _mixed = models.Index("(company_id) WHERE active AND principal_count > 1")
    _cycle = models.Index("(company_id) WHERE in_cycle")
    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "A production layer needs a quantity."
    )

    @api.depends("production_id", "order_name", "product_id", "lot_id")
    def _compute_display_name(self):
        for layer in self.sudo():
            order = layer.production_id.name or layer.order_name
            layer.display_name = title(
                order or self.env._("Initial balances"),
                part(layer.product_id),
                layer.lot_id.name,
            )
