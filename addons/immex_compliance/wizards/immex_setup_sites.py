# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError


class ImmexSetupSites(models.TransientModel):
    """Sites that a programme lacks: proposed from what moved goods, then added."""

    _name = "immex.setup.sites"
    _description = "Sites of the setup"

    program_id = fields.Many2one("immex.program", required=True, readonly=True)
    company_id = fields.Many2one(related="program_id.company_id")
    line_ids = fields.One2many("immex.setup.site", "wizard_id", "Sites")

    @api.model
    def _propose(self, setup, program):
        """The wizard with the sites of the programme, and those that are missing."""
        warehouses, processors, _bare = setup._missing_sites()
        lines = [
            {
                "site_id": site.id,
                "kind": site.kind,
                "name": site.name,
                "partner_id": site.partner_id.id,
                "warehouse_id": site.warehouse_id.id,
                "authorization": site.authorization,
            }
            for site in program.site_ids
        ]
        company = setup.company_id
        if "fiscal" not in program.site_ids.mapped("kind"):
            lines.append(
                {
                    "kind": "fiscal",
                    "name": company.name,
                    "partner_id": company.partner_id.id,
                }
            )
        lines += [
            {
                "kind": "plant",
                "name": warehouse.name,
                "partner_id": (warehouse.partner_id or company.partner_id).id,
                "warehouse_id": warehouse.id,
            }
            for warehouse in warehouses
        ]
        lines += [
            {"kind": "submaquila", "name": partner.name, "partner_id": partner.id}
            for partner in processors
        ]
        return self.create(
            {
                "program_id": program.id,
                "line_ids": [fields.Command.create(line) for line in lines],
            }
        )

    def action_save(self):
        """Button: the lines become sites of the programme, with their addresses.

        A customs manager adds what is missing and completes what is empty; the rest of
        a site that is there is an administrator's.
        """
        self.ensure_one()
        if not self.env.user.has_group("immex_compliance.group_manager"):
            raise AccessError(self.env._("Only customs managers set a company up."))
        # of a company of theirs, and partners that they see
        self.program_id.check_access("read")
        self.line_ids.partner_id.check_access("read")
        if self.line_ids.site_id.program_id - self.program_id:
            raise AccessError(self.env._("A site of another programme."))
        for line in self.line_ids:
            values = {
                "kind": line.kind,
                "name": line.name,
                "partner_id": line.partner_id.id,
                "warehouse_id": line.warehouse_id.id,
                "authorization": line.authorization,
            }
            if line.site_id:
                site = line.site_id.sudo()
                site.write(
                    {
                        name: value
                        for name, value in values.items()
                        if value and not site[name]
                    }
                )
            else:
                self.env["immex.program.site"].sudo().create(
                    values | {"program_id": self.program_id.id}
                )
            partner = line.partner_id.sudo()
            partner.write(
                {
                    name: line[name]
                    for name in ("street", "zip")
                    if line[name] and not partner[name]
                }
            )
        return {"type": "ir.actions.act_window_close"}
