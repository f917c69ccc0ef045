# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models


class ImmexPedimento(models.Model):
    """The walk by clicks: from a pedimento to what it brought in or took out."""

    # a topic a file: the model itself is long enough
    _inherit = "immex.pedimento"  # pylint: disable=consider-merging-classes-inherited

    def _window(self, action, domain):
        values = self.env["ir.actions.act_window"]._for_xml_id(
            f"immex_compliance.{action}"
        )
        values["domain"] = domain
        values["context"] = {}
        return values

    def action_view_layers(self):
        return self._window("action_immex_layer", [("pedimento_id", "in", self.ids)])

    def action_view_exits(self):
        return self._window(
            "action_immex_exit_line", [("pedimento_id", "in", self.ids)]
        )

    def action_view_discharges(self):
        """Discharges in force that took from this import or that this exit caused."""
        return self._window(
            "action_immex_discharge",
            [
                ("superseded_run_id", "=", False),
                "|",
                ("layer_id.pedimento_id", "in", self.ids),
                ("exit_line_id.pedimento_id", "in", self.ids),
            ],
        )

    def action_view_transfers(self):
        values = self.env["ir.actions.act_window"]._for_xml_id(
            "stock.action_picking_tree_all"
        )
        values["domain"] = [("immex_pedimento_id", "in", self.ids)]
        values["context"] = {}
        return values
