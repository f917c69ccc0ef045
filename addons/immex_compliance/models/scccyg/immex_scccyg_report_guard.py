# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ...tools.context import without_defaults

# what only the buttons write
GUARDED = {
    "state",
    "total",
    "computed_at",
    "compared_at",
    "file",
    "filename",
    "sent_on",
    "left_out",
    "date_from",
    "date_to",
    "due_date",
}
# what says which report it is
IDENTITY = {
    "company_id",
    "kind",
    "destination",
    "period",
    "year",
    "number",
    "replaces_id",
    "goods_ids",
    "document_ids",
}
GONE = ("sent", "valid", "replaced")


class ImmexScccygReport(models.Model):
    """What keeps a report as it was sent, and from being sent twice."""

    # a topic a file
    _inherit = "immex.scccyg.report"  # pylint: disable=consider-merging-classes-inherited

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_written(vals)
        asked = without_defaults(self, self._fields.keys() - GUARDED)
        return super(ImmexScccygReport, asked).create(vals_list)

    def write(self, vals):
        self._check_written(vals)
        if not IDENTITY.isdisjoint(vals) and not self.env.su:
            if any(record.state in GONE for record in self):
                raise UserError(
                    self.env._(
                        "What was sent is not changed: make a correction, which "
                        "replaces the whole report."
                    )
                )
            # the values are of another report: they are computed again
            self.sudo().filtered("computed_at").write(
                {"computed_at": False, "state": "draft"}
            )
        return super().write(vals)

    def _check_written(self, vals):
        if not (self.env.su or GUARDED.isdisjoint(vals)):
            raise AccessError(
                self.env._("The values and the status come from the buttons alone.")
            )

    def _replaced(self):
        """The reports that this one corrects, back to the first."""
        self.ensure_one()
        chain = self.browse()
        report = self.replaces_id
        while report and report not in chain:
            chain += report
            report = report.replaces_id
        return chain

    def _check_overlap(self):
        """A discharge is reported once: the SCCCyG rejects a document that another
        report has (rule 7.2.1-IV)."""
        for record in self.filtered(lambda report: report.kind == "discharge"):
            other = self.search(
                [
                    ("company_id", "=", record.company_id.id),
                    ("kind", "=", "discharge"),
                    ("destination", "=", record.destination),
                    ("state", "in", ("sent", "valid")),
                    ("date_from", "<=", record.date_to),
                    ("date_to", ">=", record.date_from),
                    ("id", "not in", (record + record._replaced()).ids),
                ],
                limit=1,
            )
            if other:
                raise UserError(
                    self.env._(
                        "%(other)s was sent already and has days of this period: what "
                        "it reported would be reported twice. Correct that report "
                        "instead.",
                        other=other.display_name,
                    )
                )
