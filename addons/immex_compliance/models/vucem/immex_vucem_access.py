# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from cryptography.fernet import InvalidToken

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...services import vucem
from ..cove.keeper import Token, keeper, own_token

ADDRESS = "https://www.ventanillaunica.gob.mx"


class ImmexVucemAccess(models.Model):
    """How a company logs in to VUCEM: its RFC and the key for web services, which is
    kept encrypted under the key of the server, for the system group alone."""

    _name = "immex.vucem.access"
    _description = "Access to VUCEM"
    _order = "company_id"
    _rec_name = "rfc"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    rfc = fields.Char("RFC", required=True)
    service_key = fields.Char(
        "Web Service Key",
        compute="_compute_service_key",
        inverse="_inverse_service_key",
        exportable=False,
        groups="base.group_system",
        help="Clave de servicios web that VUCEM gives; not the password of its pages.",
    )
    service_key_token = fields.Char(
        "Encrypted Web Service Key",
        exportable=False,
        copy=False,
        readonly=True,
        groups="base.group_system",
    )
    address = fields.Char(
        required=True,
        default=ADDRESS,
        help="Host of the services; their paths are known.",
    )

    _company_unique = models.Constraint(
        "UNIQUE (company_id)", "This company has its access to VUCEM."
    )

    def _compute_service_key(self):
        self.service_key = False

    def _inverse_service_key(self):
        able = keeper(self.env)
        for record in self.filtered("service_key"):
            if able is None:
                raise UserError(
                    self.env._(
                        "The server has no key to keep secrets under: set "
                        "immex_efirma_key in odoo.conf first."
                    )
                )
            token = able.encrypt(record.service_key.encode()).decode()
            record.write({"service_key_token": Token(token)})

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(
            [own_token(vals, "service_key_token") for vals in vals_list]
        )

    def write(self, vals):
        return super().write(own_token(vals, "service_key_token"))

    @api.constrains("address")
    def _check_address(self):
        for record in self:
            if not vucem.allowed(record.address):
                raise ValidationError(
                    self.env._("The address of VUCEM begins with https://.")
                )

    @api.model
    def _login(self, company):
        """(address, RFC, key) of a company; an error says what is missing."""
        record = self.sudo().search([("company_id", "=", company.id)])
        able = keeper(self.env)
        if not record.service_key_token or able is None:
            raise UserError(
                self.env._(
                    "%(company)s has no access to VUCEM: enter its web service key in "
                    "Configuration, Access to VUCEM.",
                    company=company.name,
                )
            )
        try:
            key = able.decrypt(record.service_key_token.encode()).decode()
        except InvalidToken:
            raise UserError(
                self.env._(
                    "The web service key was kept under another key of the server: "
                    "enter it again."
                )
            ) from None
        return record.address.rstrip("/"), record.rfc, key
