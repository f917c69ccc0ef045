# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .walk import window

NOTICE_DAYS = 30  # RLA 142: the notice comes at least 30 days before


class ImmexDestruction(models.Model):
    """Destruction by notice and act, without pedimento (RLA 142; RGCE 4.3.5).

    Discharges at the act; the period of official reports is the one of the act for
    Anexo 24 and of the notice's acknowledgement for the SCCCyG.
    """

    _name = "immex.destruction"
    _description = "Destruction"
    _inherit = ["mail.thread"]
    _order = "act_date desc, id desc"
    _rec_name = "notice_folio"
    _rec_names_search = ["notice_folio", "act_number"]
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    notice_folio = fields.Char(
        "Notice",
        required=True,
        tracking=True,
        help="Number of the notice that the authority was given.",
    )
    notice_date = fields.Date(
        "Acknowledgement of the Notice",
        required=True,
        tracking=True,
        help="Day on which the authority received it. The act may be made 30 days "
        "later at the earliest (RLA 142).",
    )
    act_number = fields.Char(
        "Act",
        tracking=True,
        help="With its number and date, Record the Act: the next run discharges it.",
    )
    act_date = fields.Date("Date of the Act", tracking=True)
    place = fields.Char()
    process = fields.Text(help="How the goods were destroyed, as in the act.")
    line_ids = fields.One2many("immex.destruction.line", "destruction_id")
    picking_id = fields.Many2one(
        "stock.picking",
        "Transfer",
        check_company=True,
        help="Removal from stock, if any.",
    )
    reservation_ids = fields.One2many("immex.reservation", "destruction_id")
    state = fields.Selection(
        [("notified", "Notified"), ("done", "Destroyed"), ("cancelled", "Cancelled")],
        required=True,
        default="notified",
        tracking=True,
    )

    _folio_unique = models.Constraint(
        "UNIQUE (company_id, notice_folio)", "This notice is already recorded."
    )

    @api.constrains("notice_date", "act_date", "act_number", "state")
    def _check_notice(self):
        for record in self:
            if record.state == "done" and not (record.act_date and record.act_number):
                raise ValidationError(
                    self.env._("Enter the number and the date of the act first.")
                )
            earliest = record.notice_date + relativedelta(days=NOTICE_DAYS)
            if record.act_date and record.act_date < earliest:
                raise ValidationError(
                    self.env._(
                        "The act of %(folio)s may not be earlier than %(date)s: the "
                        "notice comes at least 30 days before (RLA 142).",
                        folio=record.notice_folio,
                        date=fields.Date.to_string(earliest),
                    )
                )

    def action_simulate(self):
        """Open the simulation: the notice lists the imports before the event."""
        self.ensure_one()
        return self.env["immex.simulation"]._open(
            self.company_id,
            self.act_date or self.notice_date + relativedelta(days=NOTICE_DAYS),
            [
                (line.product_id, line.lot_id, line.quantity, line.is_waste)
                for line in self.line_ids
            ],
        )

    def action_reserve(self):
        """Keep the imports that the notice lists for the act (RLA 142); what was
        reserved before is listed anew."""
        for record in self:
            record.reservation_ids.unlink()
            self.env["immex.reservation"]._reserve(
                record.company_id,
                record.act_date or record.notice_date + relativedelta(days=NOTICE_DAYS),
                "all",
                [
                    (
                        {"destruction_line_id": line.id},
                        line.product_id,
                        line.lot_id,
                        line.quantity,
                        line.is_waste,
                    )
                    for line in record.line_ids
                ],
            )
        return True

    def action_cancel(self):
        """Withdraw the notice: nothing is destroyed, and what was reserved is free."""
        if any(record.state == "done" for record in self):
            raise UserError(self.env._("The act is recorded: the goods are destroyed."))
        self.reservation_ids.unlink()
        self.write({"state": "cancelled"})
        return True

    def action_discharges(self):
        """The discharges in force that these acts caused."""
        return window(
            self.env,
            self.env._("Discharges"),
            "immex.discharge",
            [
                ("exit_line_id.destruction_line_id", "in", self.line_ids.ids),
                ("superseded_run_id", "=", False),
            ],
        )

    def action_done(self):
        """Record the act: from now on the destruction discharges."""
        self.write({"state": "done"})
        return True
