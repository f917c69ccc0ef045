# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.http import request

from odoo.addons.web.controllers.home import Home

from ..models.ir_http import HOME


class AuthorityHome(Home):
    def _login_redirect(self, uid, redirect=None):
        user = request.env["res.users"].sudo().browse(uid)
        if not user._immex_is_authority():
            return super()._login_redirect(uid, redirect=redirect)
        if redirect and redirect.startswith(f"{HOME}/"):
            return redirect
        return HOME
