# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.exceptions import UserError


class AbstractOwned(models.AbstractModel):
    """Something of a work list: somebody is responsible for it.

    Models that inherit it have ``company_id``, the company whose books it is about.
    """

    _name = "immex.abstract.owned"
    _description = "Item of a work list"

    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        index="btree_not_null",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Who settles it.",
    )

    def _check_owner(self, user):
        """Only who works with the books of these companies can settle it; ``user`` may
        be empty."""
        known = user.sudo()
        for company in self.company_id:
            if user and (
                company not in known.company_ids
                or not known.has_group("immex_compliance.group_user")
            ):
                raise UserError(
                    self.env._(
                        "%(user)s does not work with the customs books of %(company)s.",
                        user=known.name,
                        company=company.name,
                    )
                )
