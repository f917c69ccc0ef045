# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.exceptions import UserError

from ..renderers.letter import Letter

# the letter is Spanish, whoever prints it
CERTIFICATIONS = {
    "vat": "modalidad IVA e IEPS",
    "oea": "modalidad Operador Económico Autorizado",
    "oea_aeronaves": "modalidad Operador Económico Autorizado, rubro Aeronaves",
    "oea_seciit": "modalidad Operador Económico Autorizado, rubro SECIIT",
}


class ImmexAuthorityAccess(models.Model):
    """The letter to AGACE (escrito libre): access is given, or its data changed."""

    _inherit = "immex.authority.access"

    representative = fields.Char(
        "Legal Representative", help="Who signs the letter that gives the access."
    )
    letter_kind = fields.Selection(
        [("first", "Access is given"), ("change", "Its data changed")],
        "Letter",
        required=True,
        default="first",
        help="A letter is due whenever anything changes that the authority needs to "
        "come in (Anexo 24, apartado C).",
    )

    def action_letter(self):
        """Button: the letter as PDF, filled in."""
        self.ensure_one()
        self.check_access("read")
        self._letter()
        return {
            "type": "ir.actions.act_url",
            "url": f"/immex/letter/{self.id}",
            "target": "download",
        }

    def _letter(self):
        """The letter's contents.

        :raise UserError: the company has no RFC or no programme on the first day
        """
        self.ensure_one()
        company, programs = self.company_id, self.env["immex.program"].sudo()
        program = programs._current(company, date=self.valid_from)
        certified = programs._current(company, "certification", date=self.valid_from)
        if not company.vat or not program:
            raise UserError(
                self.env._(
                    "The letter names the company's RFC and its IMMEX programme on the "
                    "first day of the access: enter both first."
                )
            )
        partner = company.partner_id
        parts = (
            partner.street,
            partner.street2,
            partner.zip and f"C.P. {partner.zip}",
            partner.city,
            partner.state_id.name,
        )
        base = self.env["ir.config_parameter"].sudo().get_param("web.base.url")
        kind = CERTIFICATIONS.get(certified.certification, "")
        return Letter(
            company=company.name,
            rfc=company.vat,
            program=program.name,
            certification=" ".join(filter(None, (kind, certified.name or ""))),
            address=", ".join(filter(None, parts)),
            place=", ".join(filter(None, (partner.city, partner.state_id.name))),
            day=fields.Date.context_today(self),
            since=self.valid_from,
            until=self.valid_to or None,
            address_of_system=f"{base}/immex/authority",
            user=self.user_id.login,
            representative=self.representative or "",
            kind=self.letter_kind,
            email=company.email or "",
            phone=company.phone or "",
        )
