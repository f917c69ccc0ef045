# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.exceptions import UserError


class ImmexPedimento(models.Model):
    """Imports kept for an exit pedimento that is captured and not yet paid."""

    _inherit = "immex.pedimento"  # pylint: disable=consider-merging-classes-inherited

    reservation_ids = fields.One2many("immex.reservation", "exit_pedimento_id")
    can_reserve = fields.Boolean(compute="_compute_can_reserve")

    def _compute_can_reserve(self):
        for pedimento in self:
            pedimento.can_reserve = (
                not pedimento.payment_date
                and pedimento.state != "cancelled"
                and pedimento.operation_rule_id.effect in ("exit", "regime_change")
            )

    def action_reserve(self):
        """Keep the imports that the lines would discharge until the payment; what was
        reserved before is listed anew."""
        for pedimento in self:
            if not pedimento.can_reserve:
                raise UserError(
                    self.env._(
                        "Imports are reserved for an exit or a change of regime that "
                        "is not paid yet."
                    )
                )
            rule = pedimento.operation_rule_id
            pedimento.reservation_ids.unlink()
            self.env["immex.reservation"]._reserve(
                pedimento.company_id,
                pedimento.physical_date
                or pedimento.entry_date
                or fields.Date.context_today(pedimento),
                rule.layer_scope,
                [
                    (
                        {"goods_id": goods.id},
                        goods.product_id,
                        self.env["stock.lot"].search(
                            [
                                ("product_id", "=", goods.product_id.id),
                                ("name", "=", goods.lot_name),
                            ],
                            limit=1,
                        )
                        if goods.lot_name
                        else None,
                        goods.quantity,
                        rule.is_waste or goods.is_waste,
                    )
                    for goods in pedimento.goods_ids
                    if goods.product_id
                ],
            )
        return True
