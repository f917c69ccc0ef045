# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models

from .detail_sql import DETAIL


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

    def action_recompute_detail(self):
        """Button: try again after products or factors were added."""
        self.check_access("write")
        self._recompute_detail()
        return True
