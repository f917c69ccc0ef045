# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models
from odoo.exceptions import AccessError


class ResUsersApikeys(models.Model):
    _inherit = "res.users.apikeys"

    def _generate(self, scope, name, expiration_date):
        """No key for the authority's user: it makes no remote calls."""
        if self.env.user._immex_makes_no_calls():
            raise AccessError(
                self.env._("The authority's user has no API keys: it reads its pages.")
            )
        return super()._generate(scope, name, expiration_date)

    def _check_credentials(self, *, scope, key):
        """A key from the time before the user became the authority's opens nothing."""
        user_id = super()._check_credentials(scope=scope, key=key)
        user = self.env["res.users"].sudo().browse(user_id)
        return None if user and user._immex_makes_no_calls() else user_id
