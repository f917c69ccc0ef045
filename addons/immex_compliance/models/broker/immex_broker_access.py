# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import datetime

import pytz

from odoo import api, models

from ..pedimento.source_file import max_bytes

SCOPE = "immex.broker"
MEGABYTE = 1024 * 1024


class ImmexBroker(models.Model):
    """Who calls, what for, and how much of it."""

    # a topic a file
    _inherit = "immex.broker"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    @api.private
    def _authenticate(self, login, key):
        """The user and the broker that an API key opens, both without rights checks.

        Only API keys count, never a password: keys of our own scope, or of the user's
        for everything.

        :param login: of HTTP Basic, or None where only the key was given
        :return: ``(user, broker)``, both empty where the key opens nothing
        """
        users = self.env["res.users"].sudo()
        user_id = key and self.env["res.users.apikeys"]._check_credentials(
            scope=SCOPE, key=key
        )
        user = users.browse(user_id or ())
        if login is not None and user.login != login:
            user = users
        broker = self.sudo().search([("user_ids", "in", user.ids)], limit=1)
        if not user or not broker:
            return users, self.sudo().browse()
        return user, broker

    def _max_bytes(self):
        """Largest file of this broker, in bytes."""
        return min(self.max_file_mb * MEGABYTE, max_bytes(self.env))

    def _appointing_companies(self):
        """Companies that have appointed this broker today, by each company's day."""
        companies = self.env["res.company"].sudo()
        for appointment in self.sudo().appointment_ids:
            company = appointment.company_id
            today = datetime.now(pytz.timezone(company._immex_timezone())).date()
            ended = appointment.date_to and appointment.date_to < today
            if appointment.date_from <= today and not ended:
                companies |= company
        return companies

    def _find_deliveries(self, key, number, company, limit):
        """Deliveries by the caller's id, by pedimento number, or both: last first."""
        domain = [
            ("broker_id", "=", self.id),
            ("company_id", "in", (company or self._appointing_companies()).ids),
        ]
        if key:
            domain.append(("delivery_key", "=", key))
        if number:
            domain.append(("number_ids.name", "=", number))
        return self.env["immex.broker.delivery"].search(domain, limit=limit)
