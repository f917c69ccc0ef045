# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.immex_compliance.models.inventory.immex_finding import OPEN_STATES

KEEP_DAYS = 180


class ImmexDigest(models.Model):
    """The weekly mail of one person about one company: sent once a week, no more."""

    _name = "immex.digest"
    _description = "Weekly Customs Mail"
    _order = "week desc, id desc"
    _rec_name = "week"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, index=True)
    user_id = fields.Many2one("res.users", required=True, ondelete="cascade")
    week = fields.Date(required=True, help="Its Monday.")

    _once = models.Constraint(
        "UNIQUE (company_id, user_id, week)", "This week's mail was sent."
    )

    @api.model
    def _recipients(self, company):
        """Who is responsible for the company, or for an open finding of it, works with
        its books, has an address and wants the mail."""
        groups = self.env["immex.finding"]._read_group(
            [("company_id", "=", company.id), ("state", "in", OPEN_STATES)]
            + [("user_id", "!=", False)],
            ["user_id"],
        )
        owners = self.env["res.users"].union(*(user for (user,) in groups))
        users = (owners | company.immex_responsible_ids).sudo()
        return users.filtered(
            lambda user: (
                user.active
                and user.immex_weekly_mail
                and user.email
                and company in user.company_ids
                and user.has_group("immex_compliance.group_user")
            )
        )

    @api.model
    def _cron_send(self):
        """Scheduled action: a mail to each responsible, each committed; who had it
        this week gets none again. Those that failed are tried again on the next day."""
        programs = self.env["immex.program"].search([("kind", "=", "immex")])
        todo = []
        for company in programs.company_id:
            week = self._week(company)
            sent = self.search([("company_id", "=", company.id), ("week", "=", week)])
            recipients = self._recipients(company) - sent.user_id
            todo += [(company, user, week) for user in recipients]
        if not self.env["ir.cron"]._immex_each(
            todo, lambda mail: self._send_one(*mail), lambda mail: mail[0]
        ):
            tomorrow = fields.Datetime.now() + timedelta(days=1)
            self.env.ref("immex_reports.ir_cron_digest")._trigger(at=tomorrow)

    def _send_one(self, company, user, week):
        values = {"company_id": company.id, "user_id": user.id, "week": week}
        self.create(values)._send()

    def _week(self, company):
        zone = company.sudo()._immex_timezone()
        today = fields.Date.context_today(self.with_context(tz=zone))
        return today - timedelta(days=today.weekday())

    def _send(self):
        """Queue the mail, in the language of who gets it."""
        self.ensure_one()
        template = self.env.ref("immex_reports.mail_template_digest").sudo()
        template.with_context(lang=self.user_id.lang).send_mail(
            self.id,
            email_values={"recipient_ids": [(6, 0, self.user_id.partner_id.ids)]},
        )
        reader = self.with_context(lang=self.company_id.partner_id.lang)
        self.env["immex.schedule.log"]._say(
            self.company_id,
            reader.env._("Weekly mail to %(user)s.", user=self.user_id.name),
        )

    @api.autovacuum
    def _gc_digests(self):
        limit = fields.Date.today() - timedelta(days=KEEP_DAYS)
        self.search([("week", "<", limit)], limit=1000).unlink()
