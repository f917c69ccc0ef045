# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from lxml import etree

from odoo import api, fields, models
from odoo.tools import SQL

from ...services.notice import channels
from ...services.notice.document import NAMESPACE
from .immex_broker_notice import FOLDER

WAITS = (1, 5, 15, 60, 240, 720, 1440)  # minutes before the next try
LOCK = """
SELECT id FROM immex_shipment_notice
 WHERE state = 'waiting' AND next_try <= %s
 ORDER BY next_try, id LIMIT 1 FOR UPDATE SKIP LOCKED
"""


class ImmexShipmentNotice(models.Model):
    """Sending: one notice a transaction, its row locked meanwhile."""

    _inherit = "immex.shipment.notice"

    @api.model
    def _cron_send(self):
        """Scheduled action: send what waits, with a commit after each."""
        waiting = [("state", "=", "waiting"), ("next_try", "<=", fields.Datetime.now())]
        self.env["ir.cron"]._commit_progress(remaining=self.search_count(waiting))
        while notice := self._next():
            notice._send()
            if not self.env["ir.cron"]._commit_progress(1):
                break

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
            answer = send()
        except channels.Refused as error:
            self.write({"state": "refused", "error": str(error)})
        except channels.NotSent as error:
            self._postpone(str(error))
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
        return channels.Answer(message=mail.email_to)

    def _send_folder(self):
        root = self.env["ir.config_parameter"].sudo().get_param(FOLDER) or ""
        return channels.drop(
            root, self.broker_id.notice_folder, self._filename(), self.content.encode()
        )

    def _send_soap(self):
        broker = self.broker_id
        return channels.call(
            broker.notice_url,
            broker.notice_login,
            broker.notice_key,
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
