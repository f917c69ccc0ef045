# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class ImmexSetupSite(models.TransientModel):
    """A site in the setup: there already, or proposed."""

    _name = "immex.setup.site"
    _description = "Site of the setup"

    wizard_id = fields.Many2one("immex.setup.sites", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="wizard_id.company_id")
    site_id = fields.Many2one("immex.program.site", readonly=True)
    kind = fields.Selection(
        lambda self: (
            self.env["immex.program.site"]
            ._fields["kind"]
            ._description_selection(self.env)
        ),
        required=True,
        default="plant",
    )
    name = fields.Char(required=True)
    partner_id = fields.Many2one("res.partner", "Address", required=True)
    warehouse_id = fields.Many2one(
        "stock.warehouse", domain="[('company_id', '=', company_id)]"
    )
    authorization = fields.Char(
        help="Number of the Economy Ministry's registration or of the "
        "sub-manufacture notice (Decreto IMMEX, art. 21)."
    )
    street = fields.Char(compute="_compute_address", store=True, readonly=False)
    zip = fields.Char(
        "Postal Code", compute="_compute_address", store=True, readonly=False
    )

    @api.depends("partner_id")
    def _compute_address(self):
        for line in self:
            line.street, line.zip = line.partner_id.street, line.partner_id.zip
