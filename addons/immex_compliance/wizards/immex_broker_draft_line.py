# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexBrokerDraftLine(models.TransientModel):
    """A part of the shipment; what the product knows is proposed, a person completes
    it."""

    _name = "immex.broker.draft.line"
    _description = "Part of a draft for the broker"

    draft_id = fields.Many2one(
        "immex.broker.draft", required=True, ondelete="cascade", index=True
    )
    product_id = fields.Many2one("product.product", required=True, readonly=True)
    description = fields.Char()
    quantity = fields.Float(
        digits=(18, 6), readonly=True, help="In the unit of the product."
    )
    value = fields.Float(
        digits=(18, 2), help="Of the whole line, in the currency of the invoice."
    )
    tariff_item_id = fields.Many2one("immex.tariff.item")
    umc_id = fields.Many2one(
        "immex.unit",
        "UMC",
        help="Unit of commercialisation; the part factor turns the quantity into it.",
    )
    origin_id = fields.Many2one(
        "immex.country",
        "Origin or Destination",
        help="Country of origin of an import, of destination of an export.",
    )
    identifiers = fields.Char(
        help="Identifiers of the partida (Appendix 8, record 554): key and complements "
        "separated by |, several by semicolons, as in TL|USA; PS|XII. Proposed are "
        "those of the last import of the part.",
    )
    note = fields.Char("Observation", help="Goes to record 558 of its partida.")
