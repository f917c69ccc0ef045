# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class ImmexMonthlyFigure(models.AbstractModel):
    """A figure that the authority publishes for each month."""

    _name = "immex.monthly.figure"
    _description = "Monthly figure"
    _order = "month desc"
    _rec_name = "month"

    month = fields.Date(
        required=True, help="Any day of the month; the first one is kept."
    )
    source = fields.Char(
        required=True, help="Where it was published: gazette and date, or page."
    )

    _month_unique = models.Constraint(
        "UNIQUE (month)", "There is a figure of this month already."
    )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._first_day(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._first_day(vals))

    def _first_day(self, vals):
        if vals.get("month"):
            vals = vals | {"month": fields.Date.to_date(vals["month"]).replace(day=1)}
        return vals

    @api.depends("month")
    def _compute_display_name(self):
        for record in self:
            record.display_name = f"{record.month:%Y-%m}" if record.month else ""
