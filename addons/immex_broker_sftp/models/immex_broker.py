# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from contextlib import contextmanager

from cryptography.fernet import InvalidToken

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.immex_compliance.models.cove.keeper import Token, keeper

from ..services import client, names, secrets

ADMINISTRATOR = "immex_compliance.group_administrator"
PLACE = ("sftp_host", "sftp_port")


class ImmexBroker(models.Model):
    """The broker's SFTP server: where it is, the key that proves it, and how we log in.

    Password and private key are kept encrypted under the key of the server, as the
    passphrase of an e.firma is; nobody reads them back.
    """

    _inherit = "immex.broker"

    notice_channel = fields.Selection(
        selection_add=[("sftp", "SFTP server of the broker")],
        ondelete={"sftp": "set null"},
    )
    sftp_host = fields.Char("SFTP Host", tracking=True)
    sftp_port = fields.Integer("SFTP Port", default=22, tracking=True)
    sftp_login = fields.Char("SFTP Login", tracking=True)
    sftp_auth = fields.Selection(
        [("password", "Password"), ("key", "Private key")],
        "Log In With",
        default="password",
        tracking=True,
    )
    sftp_password = fields.Char(
        "SFTP Password",
        compute="_compute_sftp_secret",
        inverse="_inverse_sftp_secret",
        exportable=False,
        groups=ADMINISTRATOR,
    )
    sftp_private_key = fields.Text(
        "SFTP Private Key",
        compute="_compute_sftp_secret",
        inverse="_inverse_sftp_secret",
        exportable=False,
        groups=ADMINISTRATOR,
        help="In OpenSSH's or PEM form (Ed25519, ECDSA or RSA), or made here by the "
        "button.",
    )
    sftp_passphrase = fields.Char(
        "Passphrase of the Key",
        compute="_compute_sftp_secret",
        inverse="_inverse_sftp_secret",
        exportable=False,
        groups=ADMINISTRATOR,
    )
    sftp_secret_token = fields.Char(
        "Encrypted Secret",
        exportable=False,
        copy=False,
        readonly=True,
        groups="base.group_system",
    )
    sftp_secret_kept = fields.Boolean(
        "Password or Key Is Kept", compute="_compute_sftp_secret_kept"
    )
    sftp_public_key = fields.Char(
        "Public Key",
        readonly=True,
        copy=False,
        help="Goes to the broker: a line of authorized_keys.",
    )
    sftp_host_key = fields.Char(
        "Key of the Server",
        readonly=True,
        copy=False,
        help="Whoever shows another key gets neither login nor password.",
    )
    sftp_fingerprint = fields.Char(
        "Fingerprint",
        compute="_compute_sftp_fingerprint",
        store=True,
        tracking=True,
        help="Of the key that a person confirmed. Where the server shows another one, "
        "nothing is sent.",
    )
    sftp_folder = fields.Char(
        "Folder for Notices",
        tracking=True,
        help="On the broker's server; empty: where the login lands.",
    )
    inbox_ids = fields.One2many("immex.broker.inbox", "broker_id", "Folders to Read")

    _sftp_port_range = models.Constraint(
        "CHECK (sftp_port BETWEEN 1 AND 65535)", "A port is between 1 and 65535."
    )

    @api.depends("sftp_host_key")
    def _compute_sftp_fingerprint(self):
        for broker in self:
            line = broker.sftp_host_key
            broker.sftp_fingerprint = client.fingerprint(line) if line else False

    @api.constrains("notice_channel", "sftp_host", "sftp_login", "sftp_folder")
    def _check_sftp(self):
        for broker in self:
            if broker.notice_channel == "sftp" and not (
                broker.sftp_host and broker.sftp_login
            ):
                raise ValidationError(
                    self.env._("Notices by SFTP need a host and a login.")
                )
            if not names.is_folder(broker.sftp_folder or ""):
                raise ValidationError(
                    self.env._("A folder is a path without “..”, of 255 characters.")
                )

    # secrets -----------------------------------------------------------------------
    def _compute_sftp_secret(self):
        self.sftp_password = self.sftp_private_key = self.sftp_passphrase = False

    @api.depends("sftp_secret_token")
    def _compute_sftp_secret_kept(self):
        for broker in self:
            broker.sftp_secret_kept = bool(broker.sudo().sftp_secret_token)

    def _inverse_sftp_secret(self):
        """Keep what was entered, of the kind that the broker logs in with."""
        for broker in self:
            if broker.sftp_auth == "key" and broker.sftp_private_key:
                broker._keep_key(broker.sftp_private_key, broker.sftp_passphrase)
            elif broker.sftp_auth != "key" and broker.sftp_password:
                broker._keep(secrets.pack(password=broker.sftp_password))
                broker.sudo().sftp_public_key = False

    def _keep_key(self, text, passphrase):
        try:
            key = secrets.read_key(text, passphrase or None)
        except secrets.BadKey:
            # nothing of the key in the message or in its cause
            raise UserError(
                self.env._(
                    "This is no private key of OpenSSH or PEM, or its passphrase is "
                    "another one."
                )
            ) from None
        self._keep(secrets.pack(key=text, passphrase=passphrase or None))
        self.sudo().sftp_public_key = secrets.public_line(key, self._sftp_comment())

    def _keep(self, packed):
        able = keeper(self.env)
        if able is None:
            raise UserError(
                self.env._(
                    "The server has no key to keep secrets under: set immex_efirma_key "
                    "in odoo.conf first."
                )
            )
        token = able.encrypt(packed.encode()).decode()
        self.sudo().write({"sftp_secret_token": Token(token)})

    def _sftp_comment(self):
        return names.CONTROL.sub("", f"odoo-{self.id}")

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._without_sftp_token(vals) for vals in vals_list])

    def write(self, vals):
        vals = self._without_sftp_token(vals)
        if any(name in vals for name in PLACE):
            moved = self.filtered(
                lambda one: any(
                    name in vals and vals[name] != one[name] for name in PLACE
                )
            )
            # another machine: nobody has looked at its key
            super(ImmexBroker, moved).write({"sftp_host_key": False})
        return super().write(vals)

    def _without_sftp_token(self, vals):
        """What is kept comes from here alone: never a token or a key of a server that
        was written from outside."""
        refused = set()
        if not isinstance(vals.get("sftp_secret_token"), Token):
            refused.add("sftp_secret_token")
        if not isinstance(vals.get("sftp_host_key"), Token):
            refused |= {"sftp_host_key", "sftp_fingerprint"}
        return {key: vals[key] for key in vals if key not in refused}

    def _sftp_server(self):
        """Where to go and how, opened for one session.

        :raise UserError: what is missing
        """
        self.ensure_one()
        broker = self.sudo()
        able = keeper(self.env)
        if not (broker.sftp_host and broker.sftp_login and broker.sftp_port):
            raise UserError(
                self.env._("Enter the SFTP host, port and login of the broker first.")
            )
        if not broker.sftp_host_key:
            raise UserError(
                self.env._("Nobody has confirmed the key of the SFTP server yet.")
            )
        if not broker.sftp_secret_token or able is None:
            raise UserError(
                self.env._("There is no password or private key for the SFTP server.")
            )
        try:
            packed = able.decrypt(broker.sftp_secret_token.encode()).decode()
            secret = secrets.unpack(packed)
        except (InvalidToken, secrets.BadKey):
            raise UserError(
                self.env._(
                    "The password or private key was kept under another key of the "
                    "server: enter it again."
                )
            ) from None
        return client.Server(
            broker.sftp_host,
            broker.sftp_port,
            broker.sftp_login,
            broker.sftp_host_key,
            secret,
        )

    @contextmanager
    def _sftp_session(self, whole=client.WHOLE):
        """A session on the broker's server.

        :raise UserError: what is missing, or what went wrong
        """
        server = self._sftp_server()
        try:
            with client.session(server, whole) as session:
                yield session
        except client.SftpProblem as problem:
            raise UserError(self._sftp_text(problem)) from problem

    def _sftp_text(self, problem):
        """What went wrong, in the reader's language."""
        texts = {
            "unreachable": self.env._("The SFTP server does not answer."),
            "host_key": self.env._(
                "The SFTP server shows another key than the one that was confirmed; "
                "nothing was sent. Ask the broker before you confirm a new one."
            ),
            "login": self.env._(
                "The SFTP server does not accept the login with this password or key."
            ),
            "folder": self.env._("The SFTP server has no such folder for us."),
            "lost": self.env._("The connection was lost on the way."),
            "slow": self.env._("The SFTP server took too long."),
            "refused": self.env._("The SFTP server did not let us do it."),
            "too_large": self.env._("The file is larger than the broker's limit."),
        }
        text = texts[problem.code]
        return f"{text} ({problem.detail})" if problem.detail else text

    # buttons -----------------------------------------------------------------------
    def _must_administer(self):
        if not self.env.user.has_group(ADMINISTRATOR):
            raise AccessError(self.env._("Only an administrator of IMMEX may."))

    def action_sftp_host_key(self):
        """Button: fetch the server's key and show it to be confirmed."""
        self.ensure_one()
        self._must_administer()
        return self.env["immex.sftp.host.key"]._fetch(self)

    def action_sftp_make_key(self):
        """Button: make a key pair; the private half never leaves the server."""
        self.ensure_one()
        self._must_administer()
        private, _line = secrets.make_key(self._sftp_comment())
        self.sftp_auth = "key"
        self._keep_key(private, None)
        return True

    def action_sftp_forget(self):
        """Button: forget the password or private key."""
        self._must_administer()
        self.sudo().write({"sftp_secret_token": Token(), "sftp_public_key": False})
        return True

    def action_sftp_test(self):
        """Button: log in and look at the folders."""
        self.ensure_one()
        self.check_access("write")
        folders = self.inbox_ids.mapped("folder")
        if self.notice_channel == "sftp":
            folders = [self.sftp_folder or "", *folders]
        with self._sftp_session() as session:
            for folder in folders:
                session.check_folder(folder)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Logged in; all folders are there."),
            },
        }
