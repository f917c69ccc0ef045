# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ..formats.number import split


class ImmexVucemAsk(models.TransientModel):
    """Fetch one pedimento from VUCEM by its number."""

    _name = "immex.vucem.ask"
    _description = "Fetch a pedimento from VUCEM"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    office_id = fields.Many2one(
        "immex.customs.office",
        "Office and Section",
        required=True,
        help="VUCEM wants the section, too; the printed number has the office alone.",
    )
    number = fields.Char(
        "Pedimento Number",
        required=True,
        help="The 15 digits as printed, with or without spaces: year, office, patent "
        "and number.",
    )

    def action_fetch(self):
        """Ask for it and show what becomes of it."""
        self.ensure_one()
        self.check_access("write")
        if self.company_id not in self.env.companies:
            raise AccessError(self.env._("The company is not among yours."))
        # says what is missing before anything waits in vain
        self.env["immex.vucem.access"]._login(self.company_id)
        try:
            number = split(self.number)
        except ValueError:
            raise UserError(
                self.env._(
                    "%(number)s is no pedimento number of 15 digits.",
                    number=self.number,
                )
            ) from None
        if number.office != self.office_id.office:
            raise UserError(
                self.env._(
                    "The number is of office %(told)s, the section chosen is of office "
                    "%(chosen)s.",
                    told=number.office,
                    chosen=self.office_id.office,
                )
            )
        fetch = self.env["immex.vucem.fetch"]._start(
            self.company_id,
            self.office_id.code.ljust(3, "0"),
            number.patente,
            number.document,
        )
        return {
            "type": "ir.actions.act_window",
            "name": fetch.display_name,
            "res_model": fetch._name,
            "res_id": fetch.id,
            "view_mode": "form",
        }
