# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ImmexAuthorityAccess(models.Model):
    """Whose books a user of the authority may read, and until when.

    Anexo 24, apartado C: online access, whose data the company tells by written
    notice. The user is a portal user; the pages read for them and filter by company.
    """

    _name = "immex.authority.access"
    _description = "Access of the authority"
    _order = "valid_from desc, id desc"
    _rec_name = "user_id"

    user_id = fields.Many2one("res.users", required=True, index=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    valid_from = fields.Date(required=True, default=fields.Date.context_today)
    valid_to = fields.Date()
    note = fields.Char("Notice", help="Reference of the written notice to the authority.")

    @api.constrains("user_id")
    def _check_portal(self):
        for access in self:
            if access.user_id._is_internal():
                raise ValidationError(
                    self.env._(
                        "%(user)s is an internal user. The authority reads through a "
                        "portal user, who can touch nothing.",
                        user=access.user_id.name,
                    )
                )

    @api.model
    def _company_of(self, user, date):
        """Company that ``user`` may read at ``date``, or an empty recordset."""
        access = self.sudo().search(
            [
                ("user_id", "=", user.id),
                ("valid_from", "<=", date),
                "|",
                ("valid_to", "=", False),
                ("valid_to", ">=", date),
            ],
            limit=1,
        )
        return access.company_id
