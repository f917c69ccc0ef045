# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import os

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.http import request

from ..models.pedimento.file_issues import FileRefused
from ..models.pedimento.source_file import max_bytes

FORM_OVERHEAD = 64 * 1024  # the other fields and the multipart headers
STRANGER_BYTES = 1024  # body that somebody without the right may send
GROUP = "immex_compliance.group_manager"


def _content_limit(_controller):
    """Longest body of this request. It is known before the body is read, and only
    those who may load files get more than Odoo's own 128 MiB."""
    if request.env.user.has_group(GROUP):
        return max_bytes(request.env) + FORM_OVERHEAD
    return STRANGER_BYTES


class ImmexUpload(http.Controller):
    """Page for files that are too large for a form of the web client.

    The body is parsed as a stream: the file goes to a temporary file on disk and from
    there to the loader.
    """

    @http.route(
        "/immex/upload",
        type="http",
        auth="user",
        methods=["GET", "POST"],
        max_content_length=_content_limit,
    )
    def upload(self, kind="m3", company_id=None, **_params):
        """Show the form (GET) or load the file ``file`` (POST)."""
        if not request.env.user.has_group(GROUP):
            raise AccessError(request.env._("Only customs managers load files."))
        if request.httprequest.method == "GET":
            return self._page()
        company = self._company(company_id)
        upload = request.httprequest.files.get("file")
        if (
            kind not in dict(self._kinds())
            or not company
            or not upload
            or not upload.filename
        ):
            return self._page(
                errors=[request.env._("Choose a company, a kind and a file.")],
                status=400,
            )
        name = os.path.basename(upload.filename.replace("\\", "/"))
        files = request.env["immex.pedimento.file"].with_company(company)
        try:
            result = files._load_or_keep(kind, company, upload.stream, name)
        except FileRefused as refused:
            return self._refused(name, refused)
        except UserError as error:
            return self._page(errors=[str(error)], status=422)
        if result.refused:
            return self._refused(name, result.refused, result.file)
        if result.recognised:
            return self._page(
                title=request.env._(
                    "%(name)s is recorded already; nothing changed", name=name
                ),
                record=result.file,
            )
        return request.redirect(f"/odoo/immex.pedimento.file/{result.file.id}")

    def _refused(self, name, refused, record=None):
        """What is wrong; ``record`` is the file as it was kept."""
        files = request.env["immex.pedimento.file"]
        return self._page(
            title=request.env._("%(name)s was refused; nothing changed", name=name),
            errors=files._describe_issues(refused.issues),
            record=record,
            status=422,
        )

    def _kinds(self):
        """Kinds of files that are loaded, with their names."""
        return request.env["immex.pedimento.file"]._kinds_of_people()

    def _company(self, company_id):
        """The chosen company, if it is one of the user's."""
        companies = request.env.user.company_ids
        if not company_id:
            return request.env.company
        return companies.filtered(lambda company: str(company.id) == company_id)

    def _page(self, title=None, errors=(), record=None, status=200):
        return request.render(
            "immex_compliance.upload_page",
            {
                "title": title or request.env._("Load a customs file"),
                "errors": errors,
                "record": record,
                "companies": request.env.user.company_ids,
                "company": request.env.company,
                "kinds": self._kinds(),
                "kind": request.params.get("kind"),
                "megabytes": max_bytes(request.env) // 1024 // 1024,
            },
            status=status,
        )
