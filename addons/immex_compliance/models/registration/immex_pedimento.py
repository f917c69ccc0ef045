# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.tools import SQL

from .clearance_sql import FROM_DATASTAGE, LATE


class ImmexPedimento(models.Model):
    """The record of the 48 hours: end of customs clearance against registration.

    Anexo 24, apartado C: the inventory is updated within 48 hours after the acts and
    formalities of clearance ended (24 for a SECIIT, apartado B); the hours are a
    setting of the company.
    """

    _inherit = "immex.pedimento"  # pylint: disable=consider-merging-classes-inherited

    cleared_at = fields.Datetime(
        "Clearance Ended",
        tracking=True,
        help="When the acts and formalities of customs clearance ended: the selection "
        "mechanism's free release, or the end of the examination. Data Stage tells it "
        "(tables Sel and Inci). Empty: the end of the day of the selection, else of "
        "the payment, is presumed.",
    )
    clearance_end = fields.Datetime(
        "Clearance Counted From", compute="_compute_registered_late"
    )
    clearance_presumed = fields.Boolean(
        "Presumed", compute="_compute_registered_late", help="Nobody told the time."
    )
    register_before = fields.Datetime(
        compute="_compute_registered_late",
        help="End of clearance and the hours of the settings (Anexo 24, apartado C).",
    )
    registered_late = fields.Boolean(
        compute="_compute_registered_late",
        search="_search_registered_late",
        help="Came into the books after the hours that Anexo 24 gives.",
    )

    @api.depends(
        "cleared_at",
        "modulation_date",
        "payment_date",
        "registered_at",
        "create_date",
        "company_id.immex_update_hours",
        "company_id.partner_id.tz",
    )
    def _compute_registered_late(self):
        for pedimento in self:
            company = pedimento.company_id.sudo()
            day = pedimento.modulation_date or pedimento.payment_date
            end = pedimento.cleared_at
            if not end and day:
                zone = ZoneInfo(company._immex_timezone())
                midnight = datetime.combine(day + timedelta(days=1), time(), zone)
                end = midnight.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)
            limit = end and end + timedelta(hours=company.immex_update_hours)
            registered = pedimento.registered_at or pedimento.create_date
            pedimento.clearance_end = end
            pedimento.clearance_presumed = bool(end and not pedimento.cleared_at)
            pedimento.register_before = limit
            pedimento.registered_late = bool(
                limit and registered and registered > limit
            )

    def _search_registered_late(self, operator, value):
        """Compared in the database, in the time zone of each plant."""
        if operator != "in" or set(value) != {True}:
            return NotImplemented
        self.flush_model(
            ["cleared_at", "modulation_date", "payment_date", "registered_at"]
        )
        self.env["res.company"].flush_model(["immex_update_hours"])
        self.env["res.partner"].flush_model(["tz"])
        return [("id", "in", SQL("(%s)", SQL(LATE)))]

    @api.model
    @api.private
    def _clearance_from_datastage(self, company):
        """Take the end of clearance from Data Stage where the books do not have it."""
        self.env.flush_all()
        self.env.cr.execute(
            FROM_DATASTAGE,
            {"company_id": company.id, "tz": company.sudo()._immex_timezone()},
        )
        self.invalidate_model(["cleared_at"])
