# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import io

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ....tools.context import without_defaults
from ..immex_scccyg_report import FORMS
from .checker import MAX_BYTES, Checker
from .workbook import write_hits

INLINE = 256 * 1024  # bytes that a request reads by itself
GIVEN = {"company_id", "file", "filename", "as_of", "report_id"}


class ImmexScccygValidation(models.Model):
    """A file for the SCCCyG against every rule that we know, before it is sent.

    The file is one of our reports' or one that was made elsewhere. Nothing of it is
    recorded but what the rules found.
    """

    _name = "immex.scccyg.validation"
    _description = "SCCCyG validation"
    _order = "id desc"
    _rec_name = "filename"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    report_id = fields.Many2one(
        "immex.scccyg.report",
        check_company=True,
        ondelete="cascade",
        index="btree_not_null",
        help="The report that the file is of. Empty: a file made elsewhere.",
    )
    file = fields.Binary(
        required=True,
        attachment=True,
        help="Text file of an initial inventory or a discharge report, 64 MiB at most.",
    )
    filename = fields.Char("File Name")
    checksum = fields.Char(compute="_compute_file", store=True)
    size = fields.Integer("Bytes", compute="_compute_file", store=True)
    as_of = fields.Date(
        "To Be Sent On",
        required=True,
        default=fields.Date.context_today,
        help="Day by which the terms are judged.",
    )
    layout_id = fields.Many2one(
        "immex.scccyg.layout", "Settings", readonly=True, ondelete="set null"
    )
    state = fields.Selection(
        [
            ("draft", "Not validated yet"),
            ("waiting", "Being validated"),
            ("done", "Validated"),
            ("failed", "Failed"),
        ],
        required=True,
        readonly=True,
        default="draft",
    )
    user_id = fields.Many2one("res.users", "Validated By", readonly=True)
    done_at = fields.Datetime("Validated At", readonly=True)
    job_id = fields.Many2one(
        "immex.job", "Background Work", readonly=True, ondelete="set null"
    )
    line_count = fields.Integer("Lines", readonly=True)
    error_count = fields.Integer("Errors", readonly=True)
    warning_count = fields.Integer("Warnings", readonly=True)
    is_cut = fields.Boolean(
        readonly=True, help="A rule has more hits than are listed; all are counted."
    )
    hit_ids = fields.One2many("immex.scccyg.hit", "validation_id", readonly=True)

    @api.depends("file")
    def _compute_file(self):
        for record in self:
            attachment = record._attachment()
            record.checksum, record.size = attachment.checksum, attachment.file_size

    def _attachment(self):
        self.ensure_one()
        return (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_field", "=", "file"),
                    ("res_id", "=", self._origin.id),
                ],
                limit=1,
            )
        )

    # who may write what --------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_written(vals)
            self._check_size(vals)
        asked = without_defaults(self, GIVEN)
        return super(ImmexScccygValidation, asked).create(vals_list)

    def write(self, vals):
        self._check_written(vals)
        self._check_size(vals)
        if not self.env.su and vals:
            if any(record.state == "waiting" for record in self):
                raise UserError(self.env._("It is being validated: wait for its end."))
            # what was found is of another file or day
            self.sudo().filtered(lambda record: record.state != "draft")._reset()
        return super().write(vals)

    def _reset(self):
        self.env["immex.scccyg.hit"].search(
            [("validation_id", "in", self.ids)]
        ).unlink()
        self.write(
            {
                "state": "draft",
                "done_at": False,
                "line_count": 0,
                "error_count": 0,
                "warning_count": 0,
                "is_cut": False,
            }
        )

    def _check_written(self, vals):
        if not self.env.su and set(vals) - GIVEN:
            raise AccessError(
                self.env._("What a validation found comes from the button alone.")
            )

    def _check_size(self, vals):
        # 4 characters of base64 are 3 bytes
        if len(vals.get("file") or b"") > MAX_BYTES // 3 * 4 + 4:
            raise ValidationError(
                self.env._(
                    "The file is larger than %(size)s MiB.",
                    size=MAX_BYTES // (1024 * 1024),
                )
            )

    # validating ----------------------------------------------------------------
    def action_validate(self):
        """Button: judge the file, in the background where it is large."""
        self.ensure_one()
        self.check_access("write")
        if not self.env.user.has_group("immex_compliance.group_manager"):
            raise AccessError(self.env._("Only customs managers validate files."))
        validation = self.sudo()
        if validation.state == "waiting":
            raise UserError(self.env._("It is being validated already."))
        validation.write({"user_id": self.env.uid, "layout_id": self._settings().id})
        if self.size <= INLINE:
            self._validate()
            return {
                "type": "ir.actions.act_window",
                "res_model": self._name,
                "view_mode": "form",
                "res_id": self.id,
            }
        validation.state = "waiting"
        validation.job_id = self.env["immex.job"]._enqueue(
            self.company_id,
            "scccyg_validation",
            self.env._("Validation of %(name)s", name=self.filename or self.id),
            scccyg_validation_id=self.id,
        )
        return validation.job_id._action_open()

    def _settings(self):
        """The report's; of a file made elsewhere, those of the day of sending."""
        if self.report_id:
            return self.report_id._settings()
        return self.env["immex.scccyg.layout"]._at(self.company_id, self.as_of)

    @api.private
    def _validate(self):
        """Judge the file in this transaction."""
        self.ensure_one()
        attachment = self._attachment()
        with io.BytesIO(attachment.raw or b"") as stream:
            checker = Checker(self, stream, self.size)
            checker.run()
        self.env["immex.scccyg.hit"].invalidate_model()
        self.invalidate_recordset()
        self.sudo().write(
            {
                "state": "done",
                "done_at": fields.Datetime.now(),
                "line_count": checker.lines,
                "error_count": checker.counts["error"],
                "warning_count": checker.counts["warning"],
                "is_cut": checker.cut,
            }
        )

    def _params(self):
        """Parameters of the rules."""
        self.ensure_one()
        settings, report = self.layout_id, self.report_id
        inventory = self.env["immex.scccyg.report"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("kind", "=", "initial"),
                ("state", "in", ("sent", "valid")),
            ],
            order="state desc, id desc",
            limit=1,
        )
        return {
            "validation_id": self.id,
            "company_id": self.company_id.id,
            "rfc": (self.company_id.vat or "").upper(),
            "start": settings.start_date,
            "forms": FORMS[settings.account],
            "account": settings.account,
            "expiring": settings.expiring == "in",
            "as_of": self.as_of,
            "inventory_id": inventory.id or None,
            "own": (report + report._replaced()).ids if report else [],
            "report_name": report.display_name or None,
            "report_kind": report.kind or None,
            "report_destination": report.destination or None,
            "report_from": report.date_from or None,
            "report_to": report.date_to or None,
        }

    # looking -------------------------------------------------------------------
    def action_hits(self):
        """Button: what was found, to filter and to group."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "immex_compliance.action_immex_scccyg_hit"
        )
        return action | {
            "domain": [("validation_id", "=", self.id)],
            "context": {"search_default_by_rule": 1},
        }

    def action_job(self):
        """Button: how far the work is."""
        self.ensure_one()
        return self.job_id._action_open()

    def action_xlsx(self):
        """Button: the hits as a workbook."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/immex/scccyg_validation/{self.id}/xlsx",
            "target": "self",
        }

    @api.private
    def _write_xlsx(self, stream):
        """Write the hits to a binary ``stream``."""
        self.ensure_one()
        self.check_access("read")
        write_hits(self, stream)
