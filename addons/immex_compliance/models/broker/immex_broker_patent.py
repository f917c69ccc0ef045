# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ImmexBrokerPatent(models.Model):
    """A patent (or authorisation) under which a broker clears goods (LA 159)."""

    _name = "immex.broker.patent"
    _description = "Patent of a customs broker"
    _order = "name"

    broker_id = fields.Many2one(
        "immex.broker", required=True, index=True, ondelete="cascade"
    )
    name = fields.Char("Patent", size=4, required=True, help="4 digits.")

    _name_unique = models.Constraint(
        "UNIQUE (name)", "The patent belongs to a broker already."
    )
    _name_digits = models.Constraint(
        "CHECK (name ~ '^[0-9]{4}$')", "A patent has 4 digits."
    )

    def write(self, vals):
        result = super().write(vals)
        if "broker_id" in vals:
            # to a broker of another company's, whose deliveries it would let in
            self.broker_id.check_access("write")
        return result
