# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

from ..stock.product_template import IMMEX_CLASSES
from ..stock.stock_location import CUSTOMS_STATUSES


class ImmexLayerVersion(models.Model):
    """What a layer was until a run changed it: so that a balance can be told as it was
    known then. Written by runs alone; see ``engine/history.py``."""

    _name = "immex.layer.version"
    _description = "Layer as it was"
    _order = "layer_id, until_run, id"
    _rec_name = "layer_id"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    layer_id = fields.Many2one(
        "immex.layer", required=True, readonly=True, index=True, ondelete="cascade"
    )
    # a number, not a key: a key would be looked up for each row of a run
    until_run = fields.Integer(
        required=True, readonly=True, help="Number of the run that changed it."
    )
    active = fields.Boolean(readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    pedimento_id = fields.Many2one("immex.pedimento", readonly=True)
    partida_id = fields.Many2one("immex.pedimento.partida", readonly=True)
    customs_status = fields.Selection(CUSTOMS_STATUSES, readonly=True)
    goods_class = fields.Selection(IMMEX_CLASSES, readonly=True)
    quantity = fields.Float(digits=(18, 6), readonly=True)
    customs_value = fields.Float("Customs Value (MXN)", digits=(18, 2), readonly=True)
    fraccion = fields.Char("Tariff Item", size=8, readonly=True)
    origin_country_id = fields.Many2one(
        "res.country", "Country of Origin", readonly=True
    )
    peps_date = fields.Date("PEPS Date", readonly=True)
    peps_key = fields.Char("PEPS Key", readonly=True)
    term_end = fields.Date("Expires", readonly=True)

    _run = models.Index("(company_id, until_run)")
