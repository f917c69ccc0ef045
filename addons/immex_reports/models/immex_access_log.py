# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models, modules


class ImmexAccessLog(models.Model):
    """What the authority looked at, and when. Written on a cursor of its own, since
    the pages only read."""

    _name = "immex.access.log"
    _description = "Look of the authority"
    _order = "id desc"
    _rec_name = "path"

    user_id = fields.Many2one("res.users", required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    path = fields.Char(required=True, readonly=True)
    parameters = fields.Char(readonly=True)

    @api.model
    def _note(self, user, company, path, parameters):
        values = {
            "user_id": user.id,
            "company_id": company.id,
            "path": path,
            "parameters": (parameters or "")[:500],
        }
        if modules.module.current_test:
            self.sudo().create(values)
            return
        with self.pool.cursor() as cr:
            self.with_env(self.env(cr=cr)).sudo().create(values)
