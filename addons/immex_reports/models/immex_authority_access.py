# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

GROUP = "immex_compliance.group_authority"


class ImmexAuthorityAccess(models.Model):
    """Whose books a user of the authority may read, and until when.

    Anexo 24, apartado C: online access, whose data the company tells by written
    notice. The user is a portal user; the pages read for them and filter by company.
    """

    _name = "immex.authority.access"
    _description = "Access of the authority"
    _order = "valid_from desc, id desc"
    _rec_name = "user_id"

    user_id = fields.Many2one(
        "res.users", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    valid_from = fields.Date(required=True, default=fields.Date.context_today)
    valid_to = fields.Date(help="Empty: until revoked.")
    note = fields.Char(
        "Notice", help="Reference of the written notice to the authority."
    )

    _dates_order = models.Constraint(
        "CHECK (valid_to IS NULL OR valid_to >= valid_from)",
        "An access cannot end before it starts.",
    )

    @api.constrains("user_id")
    def _check_portal(self):
        for access in self:
            user = access.user_id
            if not user._immex_is_authority():
                raise ValidationError(
                    self.env._(
                        "%(user)s is not a user of the authority. Make a portal user "
                        "in the group IMMEX Authority, who can touch nothing else.",
                        user=user.name,
                    )
                )

    @api.constrains("user_id", "valid_from", "valid_to")
    def _check_one_company(self):
        """At any day a user reads the books of one company."""
        for access in self:
            others = Domain("user_id", "=", access.user_id.id)
            others &= Domain("id", "!=", access.id)
            others &= Domain("valid_to", "=", False) | Domain(
                "valid_to", ">=", access.valid_from
            )
            if access.valid_to:
                others &= Domain("valid_from", "<=", access.valid_to)
            if self.sudo().search_count(others, limit=1):
                raise ValidationError(
                    self.env._(
                        "%(user)s already has an access in these days. A user of the "
                        "authority reads one company at a time.",
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
