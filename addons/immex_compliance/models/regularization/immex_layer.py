# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models
from odoo.exceptions import UserError

from . import sources_sql


class ImmexLayer(models.Model):
    _inherit = "immex.layer"

    def action_propose_regularization(self):
        """Button: what it costs to regularise what stayed past its term (A3, 2.5.2)."""
        proposals = self.env["immex.regularization"]
        proposals.check_access("create")
        proposals.flush_model(["state"])  # what was rejected makes room
        expired = self.filtered(
            lambda layer: (
                layer.term_state == "expired" and layer.customs_status == "temporary"
            )
        )
        if not expired:
            raise UserError(
                self.env._("None of these is a temporary import past its term.")
            )
        for layer in expired:
            key = f"expired|{layer.source_key}"
            known = proposals.search(
                [
                    ("company_id", "=", layer.company_id.id),
                    ("key", "=", key),
                    ("state", "in", ("proposed", "accepted")),
                ],
                limit=1,
            )
            proposals |= known or proposals.create(layer._regularization_values(key))
        proposals.filtered(lambda p: p.state == "proposed").action_compute()
        return proposals._action_open()

    def _regularization_values(self, key):
        self.env.flush_all()
        quantity, customs, commercial = sources_sql.remains(self.env.cr, self.id)
        return {
            "company_id": self.company_id.id,
            "key": key,
            "kind": "expired",
            "pedimento_id": self.pedimento_id.id,
            "partida_id": self.partida_id.id,
            "layer_id": self.id,
            "product_id": self.product_id.id,
            "quantity": quantity,
            "declared": self.quantity,
            "customs_value": customs,
            "commercial_value": commercial,
            "start_date": self.term_start or self.peps_date,
        }
