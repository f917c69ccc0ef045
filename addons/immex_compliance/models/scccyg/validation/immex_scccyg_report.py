# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...wording import by_count
from ..immex_scccyg_report_guard import GONE


class ImmexScccygReport(models.Model):
    """A report's file is judged before it goes."""

    # a topic a file
    _inherit = "immex.scccyg.report"  # pylint: disable=consider-merging-classes-inherited
    _rec_names_search = ["folio", "filename"]

    validation_ids = fields.One2many(
        "immex.scccyg.validation", "report_id", "Validations", readonly=True
    )
    validation_id = fields.Many2one(
        "immex.scccyg.validation",
        "Last Validation",
        compute="_compute_validation",
        help="Of the file as it is now.",
    )
    validation_state = fields.Selection(
        [
            ("none", "Not validated"),
            ("waiting", "Being validated"),
            ("errors", "Errors"),
            ("warnings", "Warnings"),
            ("clean", "Nothing found"),
        ],
        "Validation",
        compute="_compute_validation",
    )
    send_reason = fields.Char(
        "Reason to Send With Errors",
        copy=False,
        tracking=True,
        help="Why the file goes although the validation found errors. It stays with "
        "the report.",
    )

    @api.depends("file", "validation_ids.state", "validation_ids.error_count")
    def _compute_validation(self):
        for report in self:
            checksum = report._file_checksum()
            validation = report.validation_ids.filtered(
                lambda found, checksum=checksum: found.checksum == checksum
            )[:1]
            report.validation_id = validation
            if not validation or validation.state in ("draft", "failed"):
                report.validation_state = "none"
            elif validation.state == "waiting":
                report.validation_state = "waiting"
            elif validation.error_count:
                report.validation_state = "errors"
            else:
                found = validation.warning_count
                report.validation_state = "warnings" if found else "clean"

    def _file_checksum(self):
        """Checksum of the file as it is now, or False."""
        self.ensure_one()
        attachment = (
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
        return attachment.checksum

    def write(self, vals):
        if "send_reason" in vals and not self.env.su:
            if any(report.state in GONE for report in self):
                raise UserError(
                    self.env._("The reason is written before the report is sent.")
                )
        return super().write(vals)

    def action_validate(self):
        """Button: judge the file by every rule, before it is sent."""
        self.ensure_one()
        self._check_manager()
        if not self.file:
            raise UserError(self.env._("Write the file first."))
        validation = self.env["immex.scccyg.validation"].create(
            {
                "company_id": self.company_id.id,
                "report_id": self.id,
                "filename": self.filename,
                "file": self.with_context(bin_size=False).file,
                "as_of": self.sent_on or fields.Date.context_today(self),
            }
        )
        return validation.action_validate()

    def action_validations(self):
        """Button: the validations of this report."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "immex_compliance.action_immex_scccyg_validation"
        )
        return action | {"domain": [("report_id", "=", self.id)], "context": {}}

    def action_sent(self):
        for report in self.filtered(lambda found: found.state == "written"):
            report._check_validated()
        return super().action_sent()

    def _check_validated(self):
        if (self.send_reason or "").strip():
            return
        if self.validation_state == "errors":
            raise UserError(
                by_count(
                    self.validation_id.error_count,
                    self.env._(
                        "The validation found an error in this file, so that the "
                        "SCCCyG may reject it. Correct it, or enter the reason to send "
                        "it with the error."
                    ),
                    self.env._(
                        "The validation found %(count)s errors in this file, so that "
                        "the SCCCyG may reject it. Correct them, or enter the reason "
                        "to send it with errors.",
                        count=self.validation_id.error_count,
                    ),
                )
            )
        must = self._settings().must_validate
        if must and self.validation_state in ("none", "waiting"):
            raise UserError(
                self.env._(
                    "The settings ask for a validation before a report is sent: "
                    "validate this file first."
                )
            )
