# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

from . import answer_sql


class ImmexPedimento(models.Model):
    """What validator and bank answered, told by their files."""

    _inherit = "immex.pedimento"  # pylint: disable=consider-merging-classes-inherited

    answer_ids = fields.One2many(
        "immex.pedimento.answer", "pedimento_id", readonly=True
    )
    validation_state = fields.Selection(
        [("accepted", "Accepted"), ("rejected", "Error")],
        "Validation",
        readonly=True,
        copy=False,
        help="What the last answer of the validator says; empty without an answer.",
    )
    capture_line = fields.Char(readonly=True, copy=False)
    bank_state = fields.Selection(
        [("paid", "Paid"), ("unpaid", "Not paid")],
        "Bank",
        readonly=True,
        copy=False,
        help="A payment counts, whatever came before or after it.",
    )
    bank_operation = fields.Char(readonly=True, copy=False)
    bank_date = fields.Date("Paid On", readonly=True, copy=False)
    bank_hour = fields.Char("Hour of Payment", readonly=True, copy=False)

    @api.private
    def _link_arrival(self):
        """Answers that waited for these pedimentos join them, too."""
        result = super()._link_arrival()
        for company in self.company_id:
            own = self.filtered(lambda p, company=company: p.company_id == company)
            self._link_answers(company, own.mapped("document"))
        return result

    @api.model
    @api.private
    def _link_answers(self, company, documents=None):
        """Join the waiting answers of ``company`` (of ``documents``: 7 digits) to their
        pedimentos and tell these what the answers say; return the pedimentos."""
        self.env.flush_all()
        self.env.cr.execute(
            answer_sql.LINK, {"company_id": company.id, "documents": documents}
        )
        found = self.browse({row[0] for row in self.env.cr.fetchall()})
        if found:
            self.env.cr.execute(answer_sql.TELL, {"ids": found.ids})
            self.env["immex.pedimento.answer"].invalidate_model()
            found.invalidate_recordset()
        return found
