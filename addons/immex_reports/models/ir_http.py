# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from werkzeug.exceptions import Forbidden, abort

from odoo import fields, models
from odoo.http import Response, request

HOME = "/immex/authority"
# what the pages themselves and their log-in need
ALLOWED = (
    "/web/login",
    "/web/session/logout",
    "/web/webclient/translations",
    "/web/health",
    "/website/translations",
)
FOLDERS = ("/web/assets/", "/web/static/", "/web/webclient/translations/")
# where a browser lands after its log-in or by habit
DOORS = ("/", "/my", "/my/home", "/odoo", "/web", "/web/login_successful")
ENDED = """<!DOCTYPE html>
<html lang="es-MX"><head><title>IMMEX</title></head><body>
<p>Este usuario no tiene un acceso vigente; la sesi&oacute;n se cerr&oacute;. Pida a la
empresa uno nuevo.</p>
<p lang="en">This user has no access in force; the session was closed. Ask the company
for a new one.</p>
<p><a href="/web/login">/web/login</a></p>
</body></html>
"""


class IrHttp(models.AbstractModel):
    """The authority's user reads its own pages and nothing else of this database:
    not the portal's, not the web client, not its remote calls."""

    _inherit = "ir.http"

    @classmethod
    def _pre_dispatch(cls, rule, args):
        super()._pre_dispatch(rule, args)
        if not cls._immex_is_authority():
            return
        path = request.httprequest.path.rstrip("/") or "/"
        if path in DOORS and request.httprequest.method in ("GET", "HEAD"):
            abort(request.redirect(HOME))
        if path == HOME or path.startswith(f"{HOME}/"):
            cls._immex_check_access()
        elif path not in ALLOWED and not path.startswith(FOLDERS):
            raise Forbidden()

    @classmethod
    def _immex_check_access(cls):
        """An access that ended or was taken away ends the session at once."""
        user = request.env.user
        company = request.env["immex.authority.access"]._company_of(
            user, fields.Date.context_today(user)
        )
        if not company:
            request.session.logout(keep_db=True)
            abort(Response(ENDED, status=403, mimetype="text/html"))

    @classmethod
    def _immex_is_authority(cls):
        # pages that ask for no log-in know the session all the same
        user = request.env.user
        if not user and request.session.uid:
            user = request.env["res.users"].sudo().browse(request.session.uid).exists()
        return bool(user) and not user._is_public() and user._immex_is_authority()
