# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class ImmexPedimentoFile(models.Model):
    """A file from outside, as it came, with who loaded it and what became of it.

    The text is kept byte for byte (attachment) and is found again by its hash: the
    same file loaded twice is recognised.
    """

    _name = "immex.pedimento.file"
    _description = "Customs file received"
    _inherit = ["mail.thread"]
    _order = "create_date desc, id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    name = fields.Char("File Name", required=True, readonly=True)
    kind = fields.Selection(
        [
            ("m3", "Broker file (SAAI M3)"),
            ("xml", "Pedimento XML"),
            ("parts", "Part file (CSV)"),
            ("datastage", "Data Stage (zip)"),
            ("answer", "Answer of validator or bank"),
        ],
        required=True,
        readonly=True,
    )
    sha256 = fields.Char("SHA-256", required=True, readonly=True, index=True)
    size = fields.Integer("Bytes", readonly=True)
    line_count = fields.Integer("Lines", readonly=True)
    encoding = fields.Char(readonly=True)
    trailer = fields.Char(
        "Closing Record (801)", readonly=True, help="As it came; it is of no pedimento."
    )
    attachment_id = fields.Many2one("ir.attachment", readonly=True, ondelete="restrict")
    state = fields.Selection(
        [
            ("waiting", "Waits to be loaded"),
            ("loaded", "Loaded"),
            ("refused", "Refused"),
            ("known", "Recorded already"),
            ("stopped", "Not loaded"),
        ],
        required=True,
        readonly=True,
        default="loaded",
        index=True,
        help="A small file is loaded at once, a large one in the background. A refused "
        "one changes nothing; it stays for a month with its errors.",
    )
    refused_at = fields.Datetime("Last Refused", readonly=True)
    job_id = fields.Many2one(
        "immex.job", "Background Work", readonly=True, ondelete="set null"
    )
    job_state = fields.Selection(related="job_id.state", string="Work")
    job_progress = fields.Float(related="job_id.progress", string="Progress (%)")
    job_time_left = fields.Float(related="job_id.time_left", string="Minutes Left")
    job_error = fields.Text(related="job_id.error", string="What Went Wrong")
    issue_ids = fields.One2many("immex.pedimento.file.issue", "file_id", readonly=True)
    issue_count = fields.Integer(readonly=True)
    datastage_ids = fields.One2many(
        "immex.datastage.pedimento", "file_id", "In Data Stage", readonly=True
    )
    datastage_folio = fields.Char("Folio", readonly=True)
    datastage_executed = fields.Datetime(
        "Made by Customs",
        readonly=True,
        help="Of a pedimento that two Data Stage files tell, the one that customs made "
        "later counts.",
    )
    period_from = fields.Date("First Payment", readonly=True)
    period_to = fields.Date("Last Payment", readonly=True)
    row_counts = fields.Json(readonly=True)
    row_count_text = fields.Char("Rows of Tables", compute="_compute_row_count_text")
    replaced_count = fields.Integer(
        "Replaced",
        readonly=True,
        help="Pedimentos that an earlier Data Stage file had told; this one counts.",
    )
    pedimento_ids = fields.One2many("immex.pedimento", "file_id", readonly=True)

    # an answer of one line may be given again, under another name
    _sha_unique = models.UniqueIndex(
        "(company_id, kind, sha256, (CASE WHEN kind = 'answer' THEN name END))"
        " NULLS NOT DISTINCT WHERE state = 'loaded'"
    )

    @api.model
    @api.private
    def _kinds_of_people(self):
        """Kinds that a person may load, with their names."""
        return self._fields["kind"]._description_selection(self.env)

    @api.depends("row_counts")
    def _compute_row_count_text(self):
        for file in self:
            counts = sorted((file.row_counts or {}).items())
            file.row_count_text = ", ".join(f"{name}: {rows}" for name, rows in counts)

    def action_cancel(self):
        """Button: stop loading."""
        return self.job_id.action_cancel()

    def action_retry(self):
        """Button: load it once more."""
        return self.job_id.action_retry()

    def action_refresh(self):
        """Button: look again."""
        return True
