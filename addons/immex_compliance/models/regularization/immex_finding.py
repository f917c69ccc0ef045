# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.exceptions import UserError

# Findings of receipts, which a check of receipts tells again with their value.
RECEIPTS = (
    "receipt_without_pedimento",
    "receipt_over",
    "receipt_short",
    "layer_without_receipt",
)


class ImmexFinding(models.Model):
    _inherit = "immex.finding"

    def action_propose_regularization(self):
        """Button: what settles the difference, and what it costs."""
        self.ensure_one()
        self.check_access("write")
        if self.code == "late_return":
            # what is left of the layer; what went back late is no A3
            return self.layer_id.action_propose_regularization()
        if self.code not in RECEIPTS:
            raise UserError(self.env._("This finding is not about receipts."))
        check = self.env["immex.receipt.check"].create(
            {"company_id": self.company_id.id, "date": fields.Date.context_today(self)}
        )
        check.write({"grace": 0})
        check._make()
        line = check.line_ids.filtered(self._same_difference)[:1]
        if not line:
            check.unlink()
            raise UserError(
                self.env._("The difference is within the tolerance, or settled.")
            )
        return line.action_propose()

    def _same_difference(self, line):
        if line.product_id != self.product_id:
            return False
        if self.code == "receipt_without_pedimento":
            return (
                line.kind == "undocumented"
                and line.picking_id == self.movement_id.sudo().picking_id
            )
        if self.code == "receipt_over":
            named = self.movement_id.sudo().picking_id.immex_pedimento_id
            return line.kind in ("over", "undeclared") and line.pedimento_id == (
                named.current_id or named
            )
        return (
            line.kind in ("short", "not_received")
            and line.partida_id == self.partida_id
        )
