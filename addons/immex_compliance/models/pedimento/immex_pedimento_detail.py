# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models

from .detail_sql import DETAIL, FROM_PRODUCT_CODE

ANALYZE_FROM = 50  # pedimentos in one call
ANALYZE = "ANALYZE immex_pedimento, immex_pedimento_partida, immex_pedimento_goods"


class ImmexPedimento(models.Model):
    """Part detail: which parts a partida groups, and how much of each.

    Sources, in this order: the broker's part file, the invoice or the receipt (a
    person confirms the split), the product code of a one-part partida, entry by hand.
    A later source of higher rank replaces a lower one. What does not map to a product
    or lacks a unit factor waits, and makes no layer (Anexo 24, A-II-a; no guessing).
    """

    _inherit = "immex.pedimento"

    @api.private
    def _recompute_detail(self):
        """Map parts to products, apply unit factors, spread values and set the states.

        Set-based and idempotent: a second call over the same facts writes nothing.
        A product that a line already has is never changed. Quantities become
        ``round(qty_umc / factor, 6)``, half away from zero, in ``numeric``.
        """
        if not self:
            return
        self.env.flush_all()
        params = {"ids": self.ids, "uid": self.env.uid}
        self.env.cr.execute(FROM_PRODUCT_CODE, params)
        if len(self) >= ANALYZE_FROM:
            # rows of this very transaction: without figures the planner takes the
            # tables for empty and loops over them
            self.env.cr.execute(ANALYZE)
        for statement in DETAIL:
            self.env.cr.execute(statement, params)
        self._invalidate_detail()
        self._match_operation_rules()

    @api.private
    def _invalidate_detail(self):
        """Forget cached values of what the statements write."""
        self.env["immex.pedimento.goods"].invalidate_model()
        self.env["immex.pedimento.partida"].invalidate_model()
        self.env["immex.pedimento"].invalidate_model()

    @api.private
    def _detail_changed(self):
        """Goods lines were edited: settle again, unless the caller does so itself
        (context ``immex_skip_detail``)."""
        if not self.env.context.get("immex_skip_detail"):
            self.sudo()._recompute_detail()

    def action_recompute_detail(self):
        """Button: try again after products or factors were added."""
        self.check_access("write")
        self._recompute_detail()
        return True

    @api.private
    def _match_operation_rules(self):
        """Set the dated rule that fits each pedimento.

        A rule that a person chose stays where none fits. Pedimentos with the same
        key, case, date and deciding identifiers are looked up once.
        """
        rules = self.env["immex.operation.rule"]
        deciding = set(
            rules.search([("identifier_code", "!=", False)]).mapped("identifier_code")
        )
        found = {}
        for pedimento in self:
            identifiers = tuple(
                sorted(
                    (
                        (
                            line.code,
                            (line.complement1, line.complement2, line.complement3),
                        )
                        for line in pedimento.identifier_ids
                        if line.code in deciding and not line.partida_id
                    ),
                    key=repr,
                )
            )
            facts = (
                pedimento.key_id,
                pedimento.operation_type,
                pedimento.case,
                identifiers,
                pedimento.payment_date or pedimento.entry_date or None,
                pedimento.regime_id or None,
            )
            if facts not in found:
                found[facts] = rules._match(*facts)
            if found[facts] and pedimento.operation_rule_id != found[facts]:
                pedimento.operation_rule_id = found[facts]

    @api.private
    def _customs_status(self):
        """Status that the goods of this pedimento have once they are in the plant."""
        self.ensure_one()
        return self.operation_rule_id.customs_status or "temporary"
