# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import base64
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date, formatLang

from ..models.setup import opening_proposal

SHOWN = 10  # names that a message tells


class ImmexSetupOpening(models.TransientModel):
    """Initial balances begun from what was on hand: a draft with a file that a person
    completes. Pedimentos, dates and values are never proposed."""

    _name = "immex.setup.opening"
    _description = "Initial balances from stock"

    setup_id = fields.Many2one("immex.setup", required=True, readonly=True)
    company_id = fields.Many2one(related="setup_id.company_id")
    first_entry = fields.Date("First Pedimento Here", compute="_compute_first_entry")
    cutoff_date = fields.Date(
        "On Hand at the End of",
        compute="_compute_cutoff_date",
        store=True,
        readonly=False,
        help="The day before the first pedimento that is recorded here, or earlier: "
        "what remains of older ones is in the balances.",
    )
    found = fields.Char(compute="_compute_found")

    @api.depends("setup_id")
    def _compute_first_entry(self):
        for wizard in self:
            company = wizard._checked_company()
            self.env.flush_all()
            self.env.cr.execute(
                opening_proposal.FIRST_ENTRY, {"company_id": company.id}
            )
            wizard.first_entry = self.env.cr.fetchone()[0]

    @api.depends("setup_id")
    def _compute_cutoff_date(self):
        for wizard in self:
            today = fields.Date.context_today(
                wizard.with_context(tz=wizard.company_id.sudo()._immex_timezone())
            )
            first = wizard.first_entry or today
            wizard.cutoff_date = first - timedelta(days=1)

    @api.depends("cutoff_date")
    def _compute_found(self):
        for wizard in self:
            wizard.found = False
            if wizard.cutoff_date:
                proposal = wizard._propose()
                wizard.found = self.env._(
                    "On hand then: %(lines)s lines of parts, %(products)s products. "
                    "Left out, without a part number of their own: %(nameless)s.",
                    lines=formatLang(self.env, len(proposal.lines), digits=0),
                    products=formatLang(self.env, proposal.products, digits=0),
                    nameless=formatLang(self.env, len(proposal.nameless), digits=0),
                )

    def _checked_company(self):
        company = self.company_id
        if company and company not in self.env.user.company_ids:
            raise AccessError(self.env._("You do not work in this company."))
        return company

    def _propose(self):
        company = self._checked_company()
        self.env.flush_all()
        return opening_proposal.propose(
            self.env.cr, company.id, self.cutoff_date, company.sudo()._immex_timezone()
        )

    def action_propose(self):
        """Button: a draft of initial balances whose file lists what was on hand."""
        self.ensure_one()
        openings = self.env["immex.opening"]
        openings._check_manager()
        if not self.cutoff_date:
            raise UserError(self.env._("Choose a day."))
        if self.first_entry and self.cutoff_date >= self.first_entry:
            raise UserError(
                self.env._(
                    "Pedimentos are recorded from %(date)s on: choose a day before it. "
                    "A pedimento comes either by its own file or by its balance.",
                    date=format_date(self.env, self.first_entry),
                )
            )
        proposal = self._propose()
        if not proposal.lines:
            raise UserError(
                self.env._(
                    "Nothing that has a customs class and a part number of its own was "
                    "on hand at the end of %(date)s: confirm the part codes first, or "
                    "class the products.",
                    date=format_date(self.env, self.cutoff_date),
                )
            )
        opening = openings.create(
            {
                "company_id": self.company_id.id,
                "cutoff_date": self.cutoff_date,
                "filename": f"saldos_iniciales_{self.cutoff_date}.csv",
                "data": base64.b64encode(opening_proposal.write_csv(proposal.lines)),
            }
        )
        opening.message_post(body=self._told(proposal))
        return self.setup_id._record(opening)

    def _told(self, proposal):
        """What the file holds, and what it does not."""
        told = [
            self.env._(
                "The file lists what was on hand at the end of %(date)s: %(count)s "
                "lines. Pedimentos, dates, partidas and values are empty.",
                date=format_date(self.env, self.cutoff_date),
                count=formatLang(self.env, len(proposal.lines), digits=0),
            )
        ]
        if proposal.nameless:
            told.append(
                self.env._(
                    "Not in it, since they have no part number of their own: %(names)s",
                    names=", ".join(proposal.nameless[:SHOWN]),
                )
            )
            if len(proposal.nameless) > SHOWN:
                told[-1] += f" (+{len(proposal.nameless) - SHOWN})"
        if proposal.products:
            told.append(
                self.env._(
                    "Products on hand besides: %(count)s. Add the materials in those "
                    "that no order in Odoo made to the balances, and list these "
                    "products in the second file.",
                    count=formatLang(self.env, proposal.products, digits=0),
                )
            )
        return "\n".join(told)

    def action_own_file(self):
        """Button: a draft without a file, for who has one already."""
        self.ensure_one()
        openings = self.env["immex.opening"]
        openings._check_manager()
        opening = openings.create(
            {"company_id": self.company_id.id, "cutoff_date": self.cutoff_date}
        )
        return self.setup_id._record(opening)
