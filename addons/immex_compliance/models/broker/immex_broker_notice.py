# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from cryptography.fernet import InvalidToken

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...services import vucem
from ..cove.keeper import Token, keeper

FOLDER = "immex_compliance.notice_folder"


class ImmexBroker(models.Model):
    """How a broker is told of shipments beforehand."""

    # a topic a file
    _inherit = "immex.broker"  # pylint: disable=consider-merging-classes-inherited

    notice_channel = fields.Selection(
        [
            ("mail", "Mail with the XML attached"),
            ("folder", "Folder of this server"),
            ("soap", "The broker's own service"),
        ],
        "Notices By",
        tracking=True,
        help="Empty: the broker gets no notices of shipment.",
    )
    notice_email = fields.Char("Mail Address", tracking=True)
    notice_folder = fields.Char(
        "Folder",
        tracking=True,
        help="Below the folder that the administrator has set in the system parameter "
        "immex_compliance.notice_folder.",
    )
    notice_url = fields.Char(
        "Address of the Service",
        tracking=True,
        help="It offers receiveNotice of notice-1.wsdl, see docs/broker.md.",
    )
    notice_login = fields.Char("Login", tracking=True)
    notice_key = fields.Char(
        "Key",
        compute="_compute_notice_key",
        inverse="_inverse_notice_key",
        exportable=False,
        groups="immex_compliance.group_administrator",
        help="Kept encrypted under the key of the server, and never shown again.",
    )
    notice_key_token = fields.Char(
        "Encrypted Key",
        exportable=False,
        copy=False,
        readonly=True,
        groups="base.group_system",
    )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._without_token(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._without_token(vals))

    def _without_token(self, vals):
        """A token from outside is none that was made here."""
        if isinstance(vals.get("notice_key_token"), Token):
            return vals
        return {key: vals[key] for key in vals if key != "notice_key_token"}

    def _compute_notice_key(self):
        self.notice_key = False

    def _inverse_notice_key(self):
        able = keeper(self.env)
        for broker in self.filtered("notice_key"):
            if able is None:
                raise UserError(
                    self.env._(
                        "The server has no key to keep secrets under: set "
                        "immex_efirma_key in odoo.conf first."
                    )
                )
            token = able.encrypt(broker.notice_key.encode()).decode()
            broker.sudo().write({"notice_key_token": Token(token)})

    def _notice_password(self):
        """The key in clear, or False without one.

        :raise UserError: this server does not open it
        """
        token, able = self.sudo().notice_key_token, keeper(self.env)
        if not token:
            return False
        try:
            if able is None:
                raise InvalidToken
            return able.decrypt(token.encode()).decode()
        except InvalidToken:
            raise UserError(
                self.env._(
                    "The broker's key was kept under another key of the server: enter "
                    "it again."
                )
            ) from None

    @api.constrains("notice_channel", "notice_email", "notice_url")
    def _check_notice(self):
        for broker in self:
            if broker.notice_channel == "mail" and not broker.notice_email:
                raise ValidationError(self.env._("Notices by mail need an address."))
            if broker.notice_channel == "soap":
                if not vucem.allowed(broker.notice_url or ""):
                    raise ValidationError(
                        self.env._("The address of the service begins with https://.")
                    )
