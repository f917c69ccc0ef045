# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from stdnum.exceptions import ValidationError as NumberError
from stdnum.mx import rfc as rfc_number

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class ImmexSetupProgram(models.TransientModel):
    """The programme of a company and its RFC, entered in the setup assistant.

    A customs manager enters the first programme and an RFC that is missing; what is
    there already is an administrator's to change.
    """

    _name = "immex.setup.program"
    _description = "Programme and RFC of the setup"

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    program_id = fields.Many2one("immex.program", readonly=True)
    name = fields.Char(
        "Programme Number",
        compute="_compute_known",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        help="As the authorisation prints it, for instance 1234-2019.",
    )
    modality = fields.Selection(
        lambda self: (
            self.env["immex.program"]
            ._fields["modality"]
            ._description_selection(self.env)
        ),
        compute="_compute_known",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    valid_from = fields.Date(
        "Authorised From",
        compute="_compute_known",
        store=True,
        readonly=False,
        precompute=True,
    )
    valid_to = fields.Date(
        "Until",
        compute="_compute_known",
        store=True,
        readonly=False,
        precompute=True,
        help="Empty while the authorisation is in force.",
    )
    vat = fields.Char(
        "RFC", compute="_compute_vat", store=True, readonly=False, precompute=True
    )
    had_vat = fields.Boolean(compute="_compute_vat", store=True)

    @api.depends("program_id")
    def _compute_known(self):
        for wizard in self:
            program = wizard.program_id
            wizard.name = program.name or ""
            wizard.modality = program.modality or "industrial"
            wizard.valid_from = program.valid_from
            wizard.valid_to = program.valid_to

    @api.depends("company_id")
    def _compute_vat(self):
        for wizard in self:
            wizard.vat = wizard.company_id.vat
            wizard.had_vat = bool(wizard.company_id.vat)

    def action_save(self):
        """Button: record what was missing."""
        self.ensure_one()
        user = self.env.user
        if not user.has_group("immex_compliance.group_manager"):
            raise AccessError(self.env._("Only customs managers set a company up."))
        if self.company_id not in user.company_ids:
            raise AccessError(self.env._("You do not work in this company."))
        number = (self.name or "").strip()
        if not number or not self.valid_from:
            raise UserError(
                self.env._("Enter the number of the programme and its first day.")
            )
        company = self.company_id.sudo()
        if not company.vat:
            company.vat = self._checked_rfc()
        values = {
            "name": number,
            "modality": self.modality,
            "valid_from": self.valid_from,
            "valid_to": self.valid_to,
        }
        programs = self.env["immex.program"]
        if self.program_id:
            # with the rights of who is logged in
            programs.browse(self.program_id.id).write(values)
        elif not programs._current(self.company_id):
            programs.sudo().create(values | {"company_id": company.id, "kind": "immex"})
        return {"type": "ir.actions.act_window_close"}

    def _checked_rfc(self):
        try:
            return rfc_number.compact(rfc_number.validate(self.vat or ""))
        except NumberError as error:
            raise UserError(
                self.env._("%(rfc)s is not an RFC.", rfc=self.vat or "–")
            ) from error
