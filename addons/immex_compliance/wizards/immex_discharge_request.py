# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class ImmexDischargeRequest(models.TransientModel):
    """Ask for a run: why, and how much of the ledger it computes.

    The run works in the background; what it supersedes stays, with this reason.
    """

    _name = "immex.discharge.request"
    _description = "Run or recompute the discharge"

    company_ids = fields.Many2many(
        "res.company",
        string="Companies",
        required=True,
        default=lambda self: self.env.company,
    )
    reason = fields.Char("Why", required=True, help="Stays with every row it writes.")
    scope = fields.Selection(
        [
            ("changed", "What has changed since the last run"),
            ("part", "From a date, or chosen products"),
            ("everything", "Everything, from the beginning"),
        ],
        required=True,
        default="changed",
    )
    date_from = fields.Date("From", help="First day that is computed again.")
    product_ids = fields.Many2many(
        "product.product",
        string="Products",
        domain="[('immex_class', '!=', False)]",
        help="Materials or products; empty: all of them.",
    )

    @api.onchange("scope")
    def _onchange_scope(self):
        if self.scope != "part":
            self.date_from = False
            self.product_ids = False

    def action_run(self):
        """Start a job for each company, and show how far it is."""
        self.ensure_one()
        if not self.env.user.has_group("immex_compliance.group_manager"):
            raise AccessError(self.env._("Only customs managers run the discharge."))
        companies = self.sudo().company_ids
        if companies - self.env.user.company_ids:
            raise AccessError(self.env._("You do not work in one of the companies."))
        part = self.scope == "part"
        if part and not (self.date_from or self.product_ids):
            raise UserError(self.env._("Choose a date, products, or both."))
        jobs = self.env["immex.job"]
        for company in companies.sorted("id"):
            name = self.env._("Discharge of %(company)s", company=company.name)
            jobs += jobs._enqueue(
                company,
                "discharge",
                name,
                reason=self.reason,
                full=self.scope == "everything",
                recompute=part,
                date_from=part and self.date_from,
                product_ids=[(6, 0, self.product_ids.ids if part else [])],
            )
        return jobs._action_open()
