# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

from .words import ACCOUNTS, CAUSES, MONEY

# the document that explains it, the nearest first
DOCUMENTS = ("exit_pedimento_id", "destruction_id", "report_id", "pedimento_id")


class ImmexScccygReplayDifference(models.Model):
    """A cause of the difference of a tariff item, with the document that explains it.

    The causes of a tariff item sum to its difference.
    """

    _name = "immex.scccyg.replay.difference"
    _description = "Authority's view: why it differs"
    _order = "replay_id desc, account, fraccion, fixed_asset, cause, id"
    _rec_name = "cause"
    _log_access = False

    replay_id = fields.Many2one(
        "immex.scccyg.replay", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one("res.company", required=True)
    account = fields.Selection(ACCOUNTS)
    fraccion = fields.Char("Tariff Item", size=8)
    fixed_asset = fields.Boolean()
    cause = fields.Selection(CAUSES, "Why")
    value = fields.Float(
        "Difference (MXN)", digits=MONEY, help="Its part: authority less ours."
    )
    pedimento_id = fields.Many2one(
        "immex.pedimento", "Import Pedimento", ondelete="set null", index=True
    )
    exit_pedimento_id = fields.Many2one(
        "immex.pedimento", ondelete="set null", index="btree_not_null"
    )
    destruction_id = fields.Many2one(
        "immex.destruction", ondelete="set null", index="btree_not_null"
    )
    report_id = fields.Many2one(
        "immex.scccyg.report", ondelete="cascade", index="btree_not_null"
    )
    charge_id = fields.Many2one(
        "immex.scccyg.replay.charge",
        ondelete="cascade",
        index="btree_not_null",
    )

    def action_document(self):
        """Button: the document that explains it; of a charge that the books do not
        know, the charge."""
        self.ensure_one()
        document = next(
            (self[name] for name in DOCUMENTS if self[name]), self.charge_id
        )
        if not document:
            return False
        document.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": document._name,
            "res_id": document.id,
            "view_mode": "form",
        }
