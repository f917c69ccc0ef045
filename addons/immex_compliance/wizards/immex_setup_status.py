# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError


class ImmexSetupStatus(models.TransientModel):
    """Which stock is temporary: the policy, and places that say otherwise."""

    _name = "immex.setup.status"
    _description = "Customs status of the setup"

    setup_id = fields.Many2one("immex.setup", required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    policy = fields.Selection(
        lambda self: (
            self.env["res.company"]
            ._fields["immex_status_policy"]
            ._description_selection(self.env)
        ),
        "Unmarked Consumption",
        required=True,
        help="Customs status of a consumed unit whose lot, location and owner do not "
        "tell, for parts that exist in both statuses.",
    )
    domestic_ids = fields.Many2many(
        "stock.location",
        string="Domestic Goods Only",
        compute="_compute_domestic",
        store=True,
        readonly=False,
        domain="[('usage', '=', 'internal'), ('company_id', '=', company_id)]",
        help="Locations in which nothing is temporary.",
    )

    @api.depends("company_id")
    def _compute_domestic(self):
        for wizard in self:
            wizard.domestic_ids = self.env["stock.location"].search(
                [
                    ("company_id", "=", wizard.company_id.id),
                    ("immex_customs_status", "=", "domestic"),
                ]
            )

    def action_save(self):
        """Button: keep the policy, and confirm the step by name."""
        self.ensure_one()
        user = self.env.user
        if not user.has_group("immex_compliance.group_manager"):
            raise AccessError(self.env._("Only customs managers set a company up."))
        if self.company_id not in user.company_ids:
            raise AccessError(self.env._("You do not work in this company."))
        if self.setup_id.company_id != self.company_id:
            raise AccessError(self.env._("The setup of another company."))
        company = self.company_id.sudo()
        if company.immex_status_policy != self.policy:
            company.immex_status_policy = self.policy
        was = self.env["stock.location"].search(
            [
                ("company_id", "=", company.id),
                ("immex_customs_status", "=", "domestic"),
            ]
        )
        chosen = self.domestic_ids.filtered(lambda place: place.company_id == company)
        (was - chosen).sudo().immex_customs_status = False
        (chosen - was).sudo().immex_customs_status = "domestic"
        self.setup_id._step("status").action_confirm()
        return {"type": "ir.actions.act_window_close"}
