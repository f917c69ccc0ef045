# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from werkzeug.exceptions import Forbidden, abort

from odoo import models
from odoo.http import request

HOME = "/immex/authority"
# what the pages themselves and their log-in need
ALLOWED = (
    HOME,
    "/web/login",
    "/web/session/logout",
    "/web/webclient/translations",
    "/web/health",
    "/website/translations",
)
FOLDERS = ("/web/assets/", "/web/static/", "/web/webclient/translations/")
# where a browser lands after its log-in or by habit
DOORS = ("/", "/my", "/my/home", "/odoo", "/web", "/web/login_successful")


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
        if path in ALLOWED or path.startswith((f"{HOME}/", *FOLDERS)):
            return
        raise Forbidden()

    @classmethod
    def _immex_is_authority(cls):
        user = request.env.user
        return bool(user) and not user._is_public() and user._immex_is_authority()
