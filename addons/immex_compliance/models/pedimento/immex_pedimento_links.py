# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models

from . import links_sql
from .discharge_action import run_discharge


class ImmexPedimento(models.Model):
    """What an arriving pedimento is joined to: partners, transfers, references."""

    _inherit = "immex.pedimento"

    @api.private
    def _link_arrival(self):
        """Join these pedimentos to what came before them."""
        if not self:
            return
        self.env.flush_all()
        params = {"ids": self.ids}
        for statement in (
            links_sql.INVOICE_PARTNERS,
            links_sql.PEDIMENTO_PARTNER,
            links_sql.REFERENCE_TARGET,
        ):
            self.env.cr.execute(statement, params)
        self.env["immex.pedimento.invoice"].invalidate_model(["partner_id"])
        self.env["immex.pedimento.reference"].invalidate_model(["target_id"])
        self.invalidate_model(["partner_id"])
        self._join_pickings()

    @api.private
    def _join_pickings(self):
        """Transfers that named the number before the paper came get their pedimento.

        Through the ORM: the customs status of a receipt follows its pedimento.
        """
        self.env.flush_all()
        self.env.cr.execute(links_sql.WAITING_PICKINGS, {"ids": self.ids})
        pickings = self.env["stock.picking"].sudo()
        for pedimento_id, picking_ids in self.env.cr.fetchall():
            pickings.browse(picking_ids).write({"immex_pedimento_id": pedimento_id})

    def action_run_discharge(self):
        """Run the discharge of the companies of these pedimentos; open the run."""
        return run_discharge(self.env, self.company_id, self.env._("Pedimentos"))
