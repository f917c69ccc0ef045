# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models


class ImmexFirstLoading(models.Model):
    """The lists that a first loading leads to."""

    _inherit = "immex.first.loading"

    def action_waiting(self):
        """Button: the partidas that wait for a person."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "immex_compliance.action_immex_partida_waiting"
        )
        return action | {
            "domain": [
                ("company_id", "=", self.company_id.id),
                ("pedimento_id.origin", "=", "datastage"),
            ]
        }

    def action_unmapped(self):
        """Button: the parts that no product bears."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "immex_compliance.action_immex_goods_waiting"
        )
        return action | {
            "domain": [
                ("company_id", "=", self.company_id.id),
                ("pedimento_id.origin", "=", "datastage"),
                (
                    "partida_id.detail_state",
                    "in",
                    ("unmapped", "no_factor", "mismatch"),
                ),
            ]
        }

    def action_short(self):
        """Button: what left and no import covers."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "immex_compliance.action_immex_requirement"
        )
        return action | {
            "domain": [
                ("company_id", "=", self.company_id.id),
                ("superseded_run_id", "=", False),
                ("qty_shortage", ">", 0),
            ]
        }

    def action_chains(self):
        """Button: rectified pedimentos and their rectifications, in Data Stage."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "immex_compliance.action_immex_datastage_pedimento"
        )
        return action | {
            "domain": [
                ("company_id", "=", self.company_id.id),
                "|",
                ("superseded", "=", True),
                ("previous_document", "!=", False),
            ]
        }
