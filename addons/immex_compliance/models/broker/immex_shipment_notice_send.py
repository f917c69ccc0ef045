# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging
from datetime import timedelta

from lxml import etree

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...services.notice import channels
from ...services.notice.document import NAMESPACE
from .immex_broker_notice import FOLDER

_logger = logging.getLogger(__name__)

WAITS = (1, 5, 15, 60, 240, 720, 1440)  # minutes before the next try
LOCK = """
SELECT id FROM immex_shipment_notice
 WHERE state = 'waiting' AND next_try <= %s
 ORDER BY next_try, id LIMIT 1 FOR UPDATE SKIP LOCKED
"""


class ImmexShipmentNotice(models.Model):
    """Sending: one notice a transaction, its row locked meanwhile."""

    # a topic a file
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "immex.shipment.notice"

    mail_id = fields.Many2one(
        "mail.mail",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        groups="base.group_system",
    )

    @api.model
    def _cron_send(self):
        """Scheduled action: send what waits, with a commit after each."""
        self._follow_mails()
        waiting = [("state", "=", "waiting"), ("next_try", "<=", fields.Datetime.now())]
        self.env["ir.cron"]._commit_progress(remaining=self.search_count(waiting))
        while notice := self._next():
            notice._send()
            if not self.env["ir.cron"]._commit_progress(1):
                break

    @api.model
    def _follow_mails(self):
        """A mail is sent when it is in the queue; one that the mail server did not
        take is a notice that was not sent."""
        lost = [
            ("state", "=", "sent"),
            ("mail_id.state", "in", ("exception", "cancel")),
        ]
        for notice in self.sudo().search(lost):
            mail = notice.mail_id
            notice.write(
                {
                    "state": "failed",
                    "error": mail.failure_reason
                    or self.env._("The mail was not sent."),
                    "mail_id": False,
                }
            )

    def _next(self):
        """The notice whose turn it is, locked: no other worker sends it."""
        self.env.flush_all()
        rows = self.env.execute_query(SQL(LOCK, fields.Datetime.now()))
        return self.sudo().browse(rows[0][0] if rows else ())

    def _send(self):
        """One try, and what came of it."""
        self.ensure_one()
        send = getattr(self, f"_send_{self.channel}", None)
        try:
            if not send:
                raise channels.NotSent(self.env._("The broker gets no notices."))
            with self.env.cr.savepoint():
                answer = send()
        except channels.Refused as error:
            self.write({"state": "refused", "error": str(error)})
        except channels.NotSent as error:
            self._postpone(str(error))
        except Exception as error:
            # whatever it is, those behind it in the queue must not wait for it
            _logger.exception("notice of shipment %s", self.id)
            self._postpone(f"{type(error).__name__}: {error}"[:500])
        else:
            self.write(
                {
                    "state": "sent",
                    "attempts": self.attempts + 1,
                    "sent_at": fields.Datetime.now(),
                    "answer": answer.message,
                    "answer_reference": answer.reference,
                    "error": False,
                }
            )

    def _postpone(self, error):
        tries = self.attempts + 1
        values = {"attempts": tries, "error": error}
        if tries > len(WAITS):
            values["state"] = "failed"
        else:
            wait = timedelta(minutes=WAITS[tries - 1])
            values["next_try"] = fields.Datetime.now() + wait
        self.write(values)

    # channels ------------------------------------------------------------------------
    def _filename(self):
        return f"notice-{self.notice_key}.xml"

    def _send_mail(self):
        """Into the queue of mails, in this transaction: once, whatever happens."""
        attachment = self.env["ir.attachment"].create(
            {
                "name": self._filename(),
                "raw": self.content.encode(),
                "mimetype": "text/plain",
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        mail = self.env["mail.mail"].create(
            {
                "subject": self.env._(
                    "Notice of shipment %(name)s", name=self.reference
                ),
                "email_to": self.broker_id.notice_email,
                "email_from": self.company_id.email_formatted or False,
                "body_html": "",
                "attachment_ids": attachment.ids,
                "auto_delete": False,
                "model": self._name,
                "res_id": self.id,
            }
        )
        self.sudo().mail_id = mail
        return channels.Answer(message=mail.email_to)

    def _send_folder(self):
        root = self.env["ir.config_parameter"].sudo().get_param(FOLDER) or ""
        return channels.drop(
            root, self.broker_id.notice_folder, self._filename(), self.content.encode()
        )

    def _send_soap(self):
        broker = self.broker_id
        try:
            password = broker._notice_password()
        except UserError as error:
            raise channels.NotSent(str(error)) from error
        return channels.call(
            broker.notice_url,
            broker.notice_login,
            password,
            _as_values(etree.fromstring(self.content.encode())),
        )


def _as_values(element):
    """What was kept to be sent, as zeep takes it; repeated elements are lists."""
    values = {}
    for child in element:
        name = child.tag.removeprefix(f"{{{NAMESPACE}}}")
        value = _as_values(child) if len(child) else child.text or ""
        if name in ("line", "coveNumber"):
            values.setdefault(name, []).append(value)
        else:
            values[name] = value
    return values
