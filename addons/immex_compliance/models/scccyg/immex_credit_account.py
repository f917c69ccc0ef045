# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import format_date

from . import credit_account_sql as sql
from .immex_scccyg_report import FORMS


class ImmexCreditAccount(models.Model):
    """Anexo 24 against the account of Anexo 30, per tariff item, at the end of a day.

    What was charged (initial inventory, and imports that paid with forms 21 and 22),
    what the ledger by part discharged of it, and what the reports that were sent
    discharged in the SCCCyG. Discharged above what was charged is what the authority
    asks about first.
    """

    _name = "immex.credit.account"
    _description = "Anexo 24 against the credit account"
    _order = "date desc, id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    date = fields.Date(
        "At the End Of", required=True, default=fields.Date.context_today
    )
    computed_at = fields.Datetime(readonly=True, copy=False)
    line_ids = fields.One2many("immex.credit.account.line", "account_id", copy=False)
    differing_count = fields.Integer(
        "Tariff Items That Differ", readonly=True, copy=False
    )
    tax_differing_count = fields.Integer(
        "Tariff Items Charged Otherwise",
        readonly=True,
        copy=False,
        help="The VAT and IEPS of the imports is another one in Data Stage. Where the "
        "files do not tell of all the time of the account, it is so by their nature.",
    )
    over_count = fields.Integer(
        "Over-discharged Tariff Items", readonly=True, copy=False
    )

    @api.depends("date")
    def _compute_display_name(self):
        for record in self:
            record.display_name = self.env._(
                "Credit account of %(date)s",
                date=format_date(self.env, record.date) or "",
            )

    def action_compute(self):
        """Button: compare the ledger and the reports as they are now."""
        if not self.env.user.has_group("immex_compliance.group_manager"):
            raise AccessError(self.env._("Only customs managers compare the account."))
        self.check_access("write")
        for record in self:
            settings = self.env["immex.scccyg.layout"]._at(
                record.company_id, record.date
            )
            params = {
                "account_id": record.id,
                "company_id": record.company_id.id,
                "start": settings.start_date,
                "forms": FORMS[settings.account],
                "date": record.date,
            }
            self.env.flush_all()
            self.env.cr.execute(sql.CLEAR, params)
            self.env.cr.execute(sql.LINES, params)
            self.env.cr.execute(sql.COUNTS, params)
            self.env.invalidate_all()
            record.computed_at = fields.Datetime.now()
        return True
