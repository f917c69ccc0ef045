# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.immex_compliance.models.registration.clearance_sql import END

AHEAD = timedelta(hours=24)
NAMED = 5

# Pedimentos that cannot be in the inventory yet, since their parts are not known, by
# the end of the hours that Anexo 24 gives: past, past since the last check, to come.
PENDING = f"""
SELECT count(*) FILTER (WHERE t.ends <= %(now)s),
       count(*) FILTER (WHERE t.ends <= %(now)s AND t.ends > %(since)s),
       count(*) FILTER (WHERE t.ends > %(now)s),
       (array_agg(t.number ORDER BY t.ends DESC)
           FILTER (WHERE t.ends > %(since)s))[:%(named)s]
  FROM (
    SELECT p.number, {END} + o.immex_update_hours * interval '1 hour' AS ends
      FROM immex_pedimento p
      JOIN res_company o ON o.id = p.company_id
      JOIN res_partner c ON c.id = o.partner_id
     WHERE p.company_id = %(company_id)s AND p.state = 'incomplete'
       AND p.origin IS DISTINCT FROM 'opening'
  ) t
 WHERE t.ends <= %(until)s
"""


class ImmexPedimento(models.Model):
    """The check of the 48 hours (24 for a SECIIT) before and after they end."""

    _inherit = "immex.pedimento"

    @api.model
    def _cron_update_hours(self):
        """Scheduled action: pedimentos without their part detail whose hours end
        within a day, or have ended since the last check; told once to who is
        responsible for the company."""
        programs = self.env["immex.program"].search([("kind", "=", "immex")])
        self.env["ir.cron"]._immex_each(
            programs.company_id,
            lambda company: self._check_update_hours(company, fields.Datetime.now()),
        )

    @api.model
    def _check_update_hours(self, company, now):
        self.env.flush_all()
        since = company.immex_hours_checked_at or now - AHEAD
        [(past, fresh, ahead, numbers)] = self.env.execute_query(
            SQL(
                PENDING,
                company_id=company.id,
                now=now,
                since=since,
                until=now + AHEAD,
                named=NAMED,
            )
        )
        company.immex_hours_checked_at = now
        if fresh or ahead:
            for user in company._immex_responsible():
                theirs = self.with_context(lang=user.lang).env
                self.env["mail.thread"].message_notify(
                    partner_ids=user.partner_id.ids,
                    subject=theirs._(
                        "%(company)s: hours of the inventory update",
                        company=company.name,
                    ),
                    body=self._hours_words(theirs, company, past, ahead)
                    + " "
                    + ", ".join(numbers or ()),
                )
        if past or ahead:
            reader = self.with_context(lang=company.partner_id.lang).env
            self.env["immex.schedule.log"]._say(
                company, self._hours_words(reader, company, past, ahead)
            )

    @api.model
    def _hours_words(self, env, company, past, ahead):
        return env._(
            "%(company)s: pedimentos without their part detail, counted from the end "
            "of clearance: past the %(hours)s hours: %(past)s; within 24 hours from "
            "now: %(ahead)s.",
            company=company.name,
            past=past,
            ahead=ahead,
            hours=company.immex_update_hours,
        )
