# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexJob(models.Model):
    # a topic a file: the model itself is long enough
    _inherit = "immex.job"  # pylint: disable=consider-merging-classes-inherited

    kind = fields.Selection(
        selection_add=[
            ("reconcile", "Reconcile with Data Stage"),
            ("stock_balance", "Compare with the stock"),
            ("receipt_check", "Check the receipts"),
        ],
        ondelete={
            "reconcile": "cascade",
            "stock_balance": "cascade",
            "receipt_check": "cascade",
        },
    )
    reconciliation_id = fields.Many2one("immex.reconciliation", ondelete="cascade")
    stock_balance_id = fields.Many2one("immex.stock.balance", ondelete="cascade")
    receipt_check_id = fields.Many2one("immex.receipt.check", ondelete="cascade")

    def _work_reconcile(self, environment):
        self.sudo().reconciliation_id.with_env(environment)._run()
        return {}

    def _work_stock_balance(self, environment):
        balance = self.sudo().stock_balance_id.with_env(environment)
        balance.check_access("write")
        balance._make()
        return {}

    def _work_receipt_check(self, environment):
        check = self.sudo().receipt_check_id.with_env(environment)
        check.check_access("write")
        check._make()
        return {}

    def _finish(self, state, error=False, exception=None):
        result = super()._finish(state, error, exception)
        self.sudo().reconciliation_id._job_ended(state)
        if state != "done":
            self.sudo().stock_balance_id.write({"state": "failed"})
            self.sudo().receipt_check_id.write({"state": "failed"})
        return result
