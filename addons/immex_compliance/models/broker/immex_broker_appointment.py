# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class ImmexBrokerAppointment(models.Model):
    """A company has entrusted a broker (encargo conferido, LA 59-III) for a time."""

    _name = "immex.broker.appointment"
    _description = "Appointment of a customs broker"
    _order = "company_id, date_from"

    broker_id = fields.Many2one(
        "immex.broker", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    date_from = fields.Date(
        "From", required=True, default=lambda self: fields.Date.context_today(self)
    )
    date_to = fields.Date(
        "To",
        help="Last day; empty while the appointment lasts. Afterwards the broker "
        "can neither deliver nor see what it delivered.",
    )

    _dates_ordered = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "The appointment ends before it begins.",
    )
    _company_period = models.Constraint(
        "UNIQUE (broker_id, company_id, date_from)",
        "The company appointed this broker on that day already.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        appointments = super().create(vals_list)
        # who appoints the broker of another company would be one of its keepers
        appointments.broker_id.check_access("write")
        appointments.broker_id._sync_companies()
        return appointments

    def write(self, vals):
        result = super().write(vals)
        if "broker_id" in vals:
            self.broker_id.check_access("write")
        if "company_id" in vals or "broker_id" in vals:
            self.broker_id._sync_companies()
        return result
