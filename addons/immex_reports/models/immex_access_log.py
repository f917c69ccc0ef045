# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError

MAX_TEXT = 500


class ImmexAccessLog(models.Model):
    """What the authority looked at, when and from where.

    Written on a cursor of its own before the page is made: a look that failed was a
    look, and the pages themselves only read. Nobody changes or deletes it.
    """

    _name = "immex.access.log"
    _description = "Look of the authority"
    _order = "id desc"
    _rec_name = "path"

    user_id = fields.Many2one(
        "res.users", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    path = fields.Char(required=True, readonly=True)
    parameters = fields.Char(readonly=True)
    address = fields.Char("IP Address", readonly=True)

    def write(self, vals):
        if vals:
            raise UserError(
                self.env._("The log of the authority's looks is not changed.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The log of the authority's looks is not deleted."))

    @api.model
    def _note(self, user, company, path, parameters="", address=""):
        """Log a look in a transaction of its own."""
        with self.pool.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env[self._name].create(
                {
                    "user_id": user.id,
                    "company_id": company.id,
                    "path": path[:MAX_TEXT],
                    "parameters": parameters[:MAX_TEXT],
                    "address": address,
                }
            )
