# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...services import contract
from ..cove.abstract_meaning import MEANING

WINDOW = 200  # partidas that are asked for at one time
OPEN = ("waiting", "sending")
RESUMED = ("asking", "incomplete", "unpaid")  # states of what is asked for further


class ImmexVucemFetch(models.Model):
    """One pedimento that VUCEM is asked for, by its office, patent and number.

    The whole pedimento comes first, then each partida by itself. Nothing is recorded
    until all are there: the answers that came are kept, and what failed is asked for
    again without them.
    """

    _name = "immex.vucem.fetch"
    _description = "Pedimento fetched from VUCEM"
    _inherit = MEANING
    _order = "id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    office = fields.Char("Customs Office", size=3, required=True, readonly=True)
    patente = fields.Char("Patent", size=4, required=True, readonly=True)
    document = fields.Char("Number", size=7, required=True, readonly=True)
    state = fields.Selection(
        [
            ("asking", "Asking"),
            ("incomplete", "Incomplete"),
            ("loading", "Being Loaded"),
            ("recorded", "Recorded"),
            ("known", "Recorded Before"),
            ("refused", "Refused"),
            ("nothing", "Unknown to VUCEM"),
            ("unpaid", "Not Paid Yet"),
        ],
        required=True,
        readonly=True,
        default="asking",
        index=True,
        help="Incomplete: an answer did not come, the others are kept. Recorded "
        "before: the books have it from another source, which stays. Refused: what "
        "came has errors and is not in the books. Not paid yet: customs knows it and "
        "tells no payment; it is asked for again every day, for two months.",
    )
    reason = fields.Text(readonly=True)
    operation_number = fields.Char(
        readonly=True, help="Number under which VUCEM answers for the partidas."
    )
    whole_id = fields.Many2one(
        "immex.exchange", "Whole Pedimento", readonly=True, ondelete="set null"
    )
    partida_ids = fields.One2many(
        "immex.vucem.fetch.partida", "fetch_id", readonly=True
    )
    partida_count = fields.Integer("Partidas", readonly=True)
    missing_count = fields.Integer(compute="_compute_missing_count")
    customs_state = fields.Text(
        readonly=True, help="States of the pedimento at customs, as VUCEM tells them."
    )
    customs_state_date = fields.Date(readonly=True)
    remesas = fields.Text(
        readonly=True,
        help="Remesas that VUCEM knows: COVE, broker's and customs' number.",
    )
    file_id = fields.Many2one(
        "immex.pedimento.file",
        "Collected Answers",
        readonly=True,
        # refused files go after a month; recorded ones are held by their pedimento
        ondelete="set null",
    )
    pedimento_id = fields.Many2one(
        "immex.pedimento", compute="_compute_pedimento_id", help="What was recorded."
    )
    day_id = fields.Many2one(
        "immex.vucem.day", "Listed On", readonly=True, index="btree_not_null"
    )

    _open_unique = models.UniqueIndex(
        "(company_id, office, patente, document) WHERE state IN ('asking', 'loading')",
        "This pedimento is being fetched already.",
    )

    @api.depends("office", "patente", "document")
    def _compute_display_name(self):
        for fetch in self:
            fetch.display_name = f"{fetch.office}-{fetch.patente}-{fetch.document}"

    @api.depends("partida_ids.answered")
    def _compute_missing_count(self):
        groups = self.env["immex.vucem.fetch.partida"]._read_group(
            [("fetch_id", "in", self.ids), ("answered", "=", False)],
            ["fetch_id"],
            ["__count"],
        )
        counts = {fetch.id: count for fetch, count in groups}
        for fetch in self:
            fetch.missing_count = counts.get(fetch.id, 0)

    @api.depends("file_id", "state")
    def _compute_pedimento_id(self):
        found = self.env["immex.pedimento"].search(
            [("file_id", "in", self.file_id.ids)]
        )
        by_file = {pedimento.file_id: pedimento for pedimento in found}
        for fetch in self:
            fetch.pedimento_id = by_file.get(fetch.file_id, False)

    @api.constrains("office", "patente", "document")
    def _check_number(self):
        for fetch in self:
            for value, size in (
                (fetch.office, 3),
                (fetch.patente, 4),
                (fetch.document, 7),
            ):
                if len(value) != size or not (value.isascii() and value.isdigit()):
                    raise ValidationError(
                        self.env._(
                            "%(value)s must have %(size)s digits.",
                            value=value,
                            size=size,
                        )
                    )

    # asking --------------------------------------------------------------------
    @api.private
    def _start(self, company, office, patente, document, day=None):
        """Ask for a pedimento; gives the one under way where there is one."""
        known = self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("office", "=", office),
                ("patente", "=", patente),
                ("document", "=", document),
                ("state", "in", ("asking", "incomplete", "unpaid", "loading")),
            ],
            limit=1,
        )
        if known:
            known._ask()
            return known.sudo(False)
        fetch = self.sudo().create(
            {
                "company_id": company.id,
                "office": office,
                "patente": patente,
                "document": document,
                "day_id": day and day.id,
            }
        )
        fetch._ask()
        return fetch.sudo(False)

    def _ask(self):
        """Ask for what is not there and not asked for."""
        self.ensure_one()
        if self.state not in RESUMED:
            return
        self.write({"state": "asking", "reason": False})
        if not self.operation_number:
            if self.whole_id.state not in OPEN:
                self.whole_id = self._query("ConsultarPedimentoCompletoService")
            return
        partidas = self.env["immex.vucem.fetch.partida"]
        waiting = [("fetch_id", "=", self.id), ("answered", "=", False)]
        under_way = partidas.search_count(
            [*waiting, ("exchange_id.state", "in", OPEN)], limit=WINDOW
        )
        if under_way >= WINDOW:
            return
        free = partidas.search(
            [
                *waiting,
                "|",
                ("exchange_id", "=", False),
                ("exchange_id.state", "not in", OPEN),
            ],
            limit=WINDOW - under_way,
        )
        for partida in free:
            partida.exchange_id = self._query(
                "ConsultarPartidaService",
                inside={
                    "numeroOperacion": int(self.operation_number),
                    "numeroPartida": partida.number,
                },
            )
        if not free and not under_way:
            self._record()

    def _query(self, service, inside=None, beside=None):
        """Put a query for this pedimento into the queue.

        :param dict inside: what its request has within ``peticion``
        :param dict beside: and next to it
        """
        number = {
            "aduana": self.office,
            "patente": int(self.patente),
            "pedimento": int(self.document),
        }
        body = {"peticion": number | (inside or {}), **(beside or {})}
        return self.env["immex.exchange"]._queue(
            self.company_id,
            service,
            contract.QUERIES[service][1],
            contract.make_body(service, body),
            record=self,
        )

    def _ask_state(self):
        """Ask where the pedimento stands at customs, and for its remesas."""
        operation = {"numeroOperacion": int(self.operation_number)}
        for service in ("ConsultarEstadoPedimentosService", "ConsultarRemesasService"):
            self._query(service, beside=operation)

    # buttons -------------------------------------------------------------------
    def _check_manager(self):
        self.check_access("read")
        if not self.env.user.has_group("immex_compliance.group_manager"):
            raise AccessError(self.env._("Only customs managers may."))

    def action_resume(self):
        """Button: ask for what is missing; what came is kept."""
        self._check_manager()
        for fetch in self.sudo():
            if fetch.state not in RESUMED:
                raise UserError(self.env._("Nothing of it is missing."))
            fetch._ask()
        return True

    def action_ask_state(self):
        """Button: ask where it stands at customs."""
        self._check_manager()
        for fetch in self.sudo():
            if not fetch.operation_number:
                raise UserError(self.env._("VUCEM has not answered for it yet."))
            fetch._ask_state()
        return True

    def action_open_pedimento(self):
        """Button: the pedimento that was recorded."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "immex.pedimento",
            "res_id": self.pedimento_id.id,
            "view_mode": "form",
        }

    def action_open_exchanges(self):
        """Button: every request and answer."""
        self.ensure_one()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "immex_compliance.action_immex_exchange"
        ) | {"domain": [("res_model", "=", self._name), ("res_id", "=", self.id)]}
