# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models
from odoo.exceptions import AccessDenied

from .immex_authority_access import GROUP


class ResUsers(models.Model):
    _inherit = "res.users"

    def _immex_is_authority(self):
        """Whether this user is the authority's: its own pages and nothing else."""
        self.ensure_one()
        return not self._is_internal() and self.has_group(GROUP)

    def _check_uid_passwd(self, uid, passwd):
        """The authority's user makes no remote calls: portal users have rights of
        their own (a subcontractor's orders) that it must not have."""
        result = super()._check_uid_passwd(uid, passwd)
        if self.browse(uid).sudo()._immex_is_authority():
            raise AccessDenied()
        return result
