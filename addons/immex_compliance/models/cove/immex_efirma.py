# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import base64
from datetime import timedelta

from cryptography.fernet import InvalidToken

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...formats import efirma
from ...formats.issues import FormatError
from ..pedimento.file_issues import text_of
from .keeper import Token, keeper, own_token

EXPIRY_DAYS = 60


class ImmexEfirma(models.Model):
    """The e.firma that signs for a company: certificate, private key as the SAT gave
    it (encrypted), and, where the server has a key of its own, the passphrase under it.

    Files and passphrase are for the system group alone and never exported; who sends
    documents signs with them through this model without seeing them.
    """

    _name = "immex.efirma"
    _description = "e.firma"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "company_id"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    certificate = fields.Binary(
        "Certificate (.cer)",
        required=True,
        attachment=False,
        exportable=False,
        groups="base.group_system",
    )
    private_key = fields.Binary(
        "Private Key (.key)",
        required=True,
        attachment=False,
        exportable=False,
        copy=False,
        groups="base.group_system",
        help="As the SAT gave it, in its encrypted form: a clear key is refused.",
    )
    passphrase = fields.Char(
        compute="_compute_passphrase",
        inverse="_inverse_passphrase",
        exportable=False,
        groups="base.group_system",
        help="Proves that it opens the key. It is kept only where the server has a key "
        "to encrypt it with; otherwise it is asked at each signing.",
    )
    passphrase_token = fields.Char(
        "Encrypted Passphrase",
        exportable=False,
        copy=False,
        readonly=True,
        groups="base.group_system",
    )
    unattended = fields.Boolean(
        "Signs by Itself",
        compute="_compute_unattended",
        help="The passphrase is kept, encrypted under the key of the server: answers "
        "are asked for without anybody's help. Otherwise the passphrase is asked.",
    )
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        default=lambda self: self.env.user,
        help="Is reminded before the certificate expires.",
    )
    name = fields.Char("Holder", readonly=True)
    rfc = fields.Char("RFC", readonly=True)
    serial = fields.Char("Certificate Number", readonly=True)
    valid_from = fields.Datetime(readonly=True)
    valid_until = fields.Datetime(readonly=True)
    state = fields.Selection(
        [
            ("early", "Not Yet Valid"),
            ("valid", "Valid"),
            ("expiring", "About to Expire"),
            ("expired", "Expired"),
        ],
        compute="_compute_state",
    )

    _company_unique = models.Constraint(
        "UNIQUE (company_id)", "This company has an e.firma: load the new files there."
    )

    @api.depends("serial")
    def _compute_display_name(self):
        for record in self:
            record.display_name = f"{record.rfc or ''} {record.serial or ''}".strip()

    def _compute_passphrase(self):
        self.passphrase = False

    @api.depends("passphrase_token")
    def _compute_unattended(self):
        able = keeper(self.env) is not None
        for record in self:
            record.unattended = able and bool(record.sudo().passphrase_token)

    @api.depends("valid_from", "valid_until")
    def _compute_state(self):
        now = fields.Datetime.now()
        for record in self:
            if not record.valid_until or now > record.valid_until:
                record.state = "expired"
            elif now < record.valid_from:
                record.state = "early"
            elif now + timedelta(days=EXPIRY_DAYS) > record.valid_until:
                record.state = "expiring"
            else:
                record.state = "valid"

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._read_files(vals) for vals in vals_list])

    def write(self, vals):
        vals = self._read_files(vals)
        if {"certificate", "private_key"} & set(vals) and not vals.get("passphrase"):
            # of another key: what was kept is not its passphrase
            vals["passphrase_token"] = False
        return super().write(vals)

    def _read_files(self, vals):
        """``vals`` with what the certificate says; both files are looked at here, so
        that nothing else is ever stored."""
        vals = own_token(vals, "passphrase_token")
        if vals.get("private_key"):
            self._run(efirma.check_encrypted, self._bytes(vals["private_key"]))
        if vals.get("certificate"):
            read = self._run(efirma.read_certificate, self._bytes(vals["certificate"]))
            vals |= {
                "name": read.name,
                "rfc": read.rfc,
                "serial": read.serial,
                "valid_from": read.valid_from,
                "valid_until": read.valid_until,
            }
        return vals

    def _bytes(self, value):
        try:
            return base64.b64decode(value, validate=True)
        except ValueError:
            raise ValidationError(self.env._("The file arrived broken.")) from None

    def _run(self, function, *arguments):
        """Call a function of the codec; its error in the reader's language."""
        try:
            return function(*arguments)
        except FormatError as error:
            raise ValidationError(text_of(self.env, error.issue)) from None

    @api.constrains("rfc", "company_id")
    def _check_rfc(self):
        for record in self:
            vat = (record.company_id.vat or "").upper().removeprefix("MX")
            if vat and record.rfc != vat:
                raise ValidationError(
                    self.env._(
                        "The e.firma is of %(rfc)s, the company %(company)s has the "
                        "RFC %(vat)s.",
                        rfc=record.rfc,
                        company=record.company_id.name,
                        vat=vat,
                    )
                )

    def _inverse_passphrase(self):
        """Prove the passphrase; keep it under the server's key where there is one."""
        able = keeper(self.env)
        for record in self.filtered("passphrase"):
            record._opened(record.passphrase)
            token = able.encrypt(record.passphrase.encode()).decode() if able else ""
            record.write({"passphrase_token": Token(token)})

    def action_forget(self):
        """Forget the passphrase: from now on it is asked."""
        if not self.env.user.has_group("base.group_system"):
            raise AccessError(self.env._("Only the administrator of the system may."))
        self.write({"passphrase_token": Token()})
        return True

    @api.model
    def _of(self, company):
        """The e.firma of a company, for signing; an error says what is missing."""
        record = self.sudo().search([("company_id", "=", company.id)])
        if not record:
            raise UserError(
                self.env._(
                    "%(company)s has no e.firma: load it in Configuration, e.firma.",
                    company=company.name,
                )
            )
        return record

    def _certificate(self):
        self.ensure_one()
        data = self.with_context(bin_size=False).sudo().certificate
        return self._run(efirma.read_certificate, self._bytes(data))

    def _opened(self, passphrase=None):
        """The private key, opened, for the time of one signing; never stored.

        :param str passphrase: as asked from the user; None: the one that is kept
        """
        self.ensure_one()
        record = self.sudo().with_context(bin_size=False)
        certificate = record._certificate()
        record._run(certificate.check_at, fields.Datetime.now())
        return record._run(
            efirma.open_key,
            record._bytes(record.private_key),
            record._kept_passphrase() if passphrase is None else passphrase,
            certificate,
        )

    def _kept_passphrase(self):
        able = keeper(self.env)
        if able is None or not self.passphrase_token:
            raise UserError(
                self.env._(
                    "The passphrase of the e.firma is not kept on this server: use the "
                    "button that asks for it."
                )
            )
        try:
            return able.decrypt(self.passphrase_token.encode()).decode()
        except InvalidToken:
            raise UserError(
                self.env._(
                    "The passphrase of the e.firma was kept under another key of the "
                    "server: enter it again in Configuration, e.firma."
                )
            ) from None

    @api.private
    def _sign(self, text, passphrase=None, encoding="utf-8"):
        """Sign an original string.

        :return: (DER of the certificate, signature), both bytes
        """
        key = self._opened(passphrase)
        signature = self._run(efirma.sign, key, text, encoding)
        return self._certificate().der, signature

    @api.model
    def _cron_expiry(self):
        """Remind of certificates that expire within 60 days, once each."""
        until = fields.Datetime.now() + timedelta(days=EXPIRY_DAYS)
        todo = self.env.ref("mail.mail_activity_data_todo")
        for record in self.search([("valid_until", "<", until)]):
            if record.activity_ids.filtered(lambda a: a.activity_type_id == todo):
                continue
            self.env["ir.cron"]._immex_try(record.company_id, record._remind_expiry)

    def _remind_expiry(self):
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=self.valid_until.date(),
            user_id=self.user_id.id or self.env.user.id,
            summary=self.env._(
                "The e.firma %(serial)s expires on %(date)s: renew it at the SAT.",
                serial=self.serial,
                date=fields.Date.to_string(self.valid_until),
            ),
        )
