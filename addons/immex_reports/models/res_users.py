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

    def _immex_makes_no_calls(self):
        """Whether remote calls with this user's password or keys are refused: portal
        users have rights of their own, and the authority reads its pages."""
        return self._immex_is_authority()

    def _check_uid_passwd(self, uid, passwd):
        """The authority's user makes no remote calls."""
        result = super()._check_uid_passwd(uid, passwd)
        if self.browse(uid).sudo()._immex_makes_no_calls():
            raise AccessDenied()
        return result
