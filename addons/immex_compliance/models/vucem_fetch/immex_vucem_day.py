# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ...formats import vucem
from ...formats.issues import FormatError
from ...services import contract
from ..cove.abstract_meaning import MEANING
from ..pedimento.file_issues import text_of
from .language import language

SERVICE = "ListarPedimentosService"
DAYS = 31  # of an office that are under way at one time
LATE = timedelta(days=7)  # that a listed day is listed again: what appears later
UNPAID = timedelta(days=60)  # that an unpaid pedimento is asked for by itself
AGAIN = timedelta(hours=20)  # until what failed is asked for again by itself
MEXICO = "America/Mexico_City"

# Days that are over and are not there yet.
MISSING = """
INSERT INTO immex_vucem_day (company_id, office, date, state, create_uid, write_uid,
                             create_date, write_date)
SELECT access.company_id, rpad(office.code, 3, '0'), day::date, 'waiting', %(uid)s,
       %(uid)s,
       now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
  FROM immex_vucem_access access
  JOIN immex_customs_office_immex_vucem_access_rel link
    ON link.immex_vucem_access_id = access.id
  JOIN immex_customs_office office ON office.id = link.immex_customs_office_id
       CROSS JOIN LATERAL generate_series(access.fetch_since, %(last)s::date,
                                          interval '1 day') day
 WHERE access.fetch_since IS NOT NULL
    ON CONFLICT (company_id, office, date) DO NOTHING
"""


class ImmexVucemDay(models.Model):
    """A day of an office: VUCEM lists one day at a time (its manual: ranges of one
    day). A day that was listed is asked for again for a week, in which others may
    appear; what failed is asked for until it is listed."""

    _name = "immex.vucem.day"
    _description = "Day listed by VUCEM"
    _inherit = MEANING
    _order = "date desc, office"
    _rec_name = "date"

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    office = fields.Char("Customs Office", size=3, required=True, readonly=True)
    date = fields.Date(required=True, readonly=True)
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("asking", "Asking"),
            ("listed", "Listed"),
            ("failed", "Failed"),
        ],
        required=True,
        readonly=True,
        default="waiting",
        index=True,
        help="Failed: it is asked for again on the next day, or by the button.",
    )
    pedimento_count = fields.Integer("Pedimentos", readonly=True)
    fetch_ids = fields.One2many("immex.vucem.fetch", "day_id", readonly=True)
    reason = fields.Char(readonly=True)

    _day_unique = models.Constraint(
        "UNIQUE (company_id, office, date)", "A day of an office is listed once."
    )

    @api.model
    def _cron_list(self):
        """Scheduled action: ask for the days that are over, the oldest first; then for
        what is missing of pedimentos that stopped half way, or were not paid yet."""
        days = self.sudo()
        progress = self.env["ir.cron"]._commit_progress
        days._add_missing()
        now = fields.Datetime.now()
        days.search(
            [
                ("write_date", "<", now - AGAIN),
                "|",
                ("state", "=", "failed"),
                "&",
                ("state", "=", "listed"),
                ("date", ">=", (now - LATE).date()),
            ]
        ).write({"state": "waiting"})
        due = days._due()
        tried = self.env["ir.cron"]._immex_try
        progress(remaining=len(due))
        for day in due:
            tried(day.company_id, day._ask)
            if not progress(1):
                return
        stopped = (
            self.env["immex.vucem.fetch"]
            .sudo()
            .search(
                [
                    ("write_date", "<", now - AGAIN),
                    "|",
                    ("state", "=", "incomplete"),
                    "&",
                    ("state", "=", "unpaid"),
                    ("create_date", ">", now - UNPAID),
                ],
                order="write_date, id",
                limit=DAYS,
            )
        )
        for fetch in stopped:
            tried(fetch.company_id, fetch._ask)
            if not progress(1, remaining=0):
                return

    def _add_missing(self):
        access = self.env["immex.vucem.access"]
        access.flush_model()
        today = fields.Date.context_today(self.with_context(tz=MEXICO))
        self.env.cr.execute(
            SQL(MISSING, uid=self.env.uid, last=today - timedelta(days=1))
        )
        self.env.invalidate_all()

    def _due(self):
        """The days to ask for now: the oldest of each office, a month at most."""
        groups = self._read_group(
            [("state", "in", ("waiting", "asking"))],
            ["company_id", "office", "state"],
            ["__count"],
        )
        under_way = {
            (company, office): count
            for company, office, state, count in groups
            if state == "asking"
        }
        due = self.browse()
        for company, office, state, _count in groups:
            free = DAYS - under_way.get((company, office), 0)
            if state == "waiting" and free > 0:
                due += self.search(
                    [
                        ("company_id", "=", company.id),
                        ("office", "=", office),
                        ("state", "=", "waiting"),
                    ],
                    order="date",
                    limit=free,
                )
        return due

    def _ask(self):
        self.ensure_one()
        access = self.env["immex.vucem.access"].search(
            [("company_id", "=", self.company_id.id)]
        )
        if not access:
            # without its RFC, the question would be for everybody's pedimentos
            reason = self.env._("The company has no access to VUCEM any more.")
            self.write({"state": "failed", "reason": reason})
            return
        body = contract.make_body(
            SERVICE,
            {
                "peticion": {
                    "aduana": self.office,
                    "rfc": access.rfc,
                    "fechaInicio": self.date,
                    "fechaFin": self.date,
                }
            },
        )
        self.env["immex.exchange"]._queue(
            self.company_id,
            SERVICE,
            contract.QUERIES[SERVICE][1],
            body,
            record=self,
        )
        self.write({"state": "asking", "reason": False})

    def action_ask(self):
        """Button: list the day again."""
        self.check_access("read")
        if not self.env.user.has_group("immex_compliance.group_manager"):
            raise AccessError(self.env._("Only customs managers may."))
        for day in self.sudo().filtered(lambda day: day.state != "asking"):
            day._ask()
        return True

    # answers -------------------------------------------------------------------
    def _exchange_done(self, exchange, answer):
        self.ensure_one()
        self = self.with_context(lang=language(exchange))  # noqa: PLW0642
        try:
            numbers = vucem.read_list(answer)
        except vucem.ServiceError as error:
            if not error.nothing_found:
                self._exchange_failed(exchange, str(error))
                return
            numbers = []
        except FormatError as error:
            self._exchange_failed(exchange, text_of(self.env, error.issue))
            return
        numbers = list(dict.fromkeys(numbers))
        refused = set()
        if exchange.user_id._is_superuser():
            # nobody asked: what was fetched and refused is not fetched day by day
            fetches = self.fetch_ids.filtered(lambda fetch: fetch.state == "refused")
            refused = {(fetch.patente, fetch.document) for fetch in fetches}
        for patente, document in self._not_recorded(numbers):
            if (patente, document) not in refused:
                self.env["immex.vucem.fetch"]._start(
                    self.company_id, self.office, patente, document, day=self
                )
        self.write({"state": "listed", "pedimento_count": len(numbers)})
        mine = [("company_id", "=", self.company_id.id), ("office", "=", self.office)]
        if not self.search_count([*mine, ("state", "=", "asking")], limit=1):
            # the days after these, if there are any, need not wait for the night; not
            # where VUCEM refused: a wrong login would be refused for each of them
            if self.search_count([*mine, ("state", "=", "waiting")], limit=1):
                self.env.ref("immex_compliance.ir_cron_vucem_day")._trigger()

    def _not_recorded(self, numbers):
        """Those that the books do not have; numbers come back after ten years."""
        known = self.env["immex.pedimento"].search_fetch(
            [
                ("company_id", "=", self.company_id.id),
                ("office", "=", self.office[:2]),
                ("document", "in", [document for _patente, document in numbers]),
                ("year", ">=", self.date.year - 1),
                # a consolidated one that was opened by hand is filled
                "|",
                ("file_id", "!=", False),
                ("consolidated", "=", False),
            ],
            ["patente", "document"],
        )
        recorded = {(pedimento.patente, pedimento.document) for pedimento in known}
        return [number for number in numbers if number not in recorded]

    def _exchange_failed(self, _exchange, reason):
        self.write({"state": "failed", "reason": reason})

    def _exchange_unclear(self, exchange, reason):
        self._exchange_failed(exchange, reason)
