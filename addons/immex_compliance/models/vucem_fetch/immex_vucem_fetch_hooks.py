# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import io

from odoo import models
from odoo.exceptions import UserError

from ...formats import vucem
from ...formats.issues import FormatError
from ..pedimento.file_issues import describe, text_of
from .immex_vucem_fetch import RESUMED
from .language import language

REASONS = 10  # errors of a refused pedimento that are told
REMESAS = 2000  # that are kept as text


class ImmexVucemFetch(models.Model):
    """What the answers to a fetch mean."""

    _inherit = "immex.vucem.fetch"

    def _exchange_done(self, exchange, answer):
        """An answer came: VUCEM's "no" is one, too."""
        self.ensure_one()
        self = self.with_context(lang=language(exchange))  # noqa: PLW0642
        take = {
            "ConsultarPedimentoCompletoService": self._take_whole,
            "ConsultarPartidaService": self._take_partida,
            "ConsultarEstadoPedimentosService": self._take_state,
            "ConsultarRemesasService": self._take_remesas,
        }[exchange.service]
        try:
            take(exchange, answer)
        except vucem.ServiceError as error:
            self._went_wrong(exchange, str(error), error.nothing_found)
        except FormatError as error:
            self._went_wrong(exchange, text_of(self.env, error.issue))

    def _exchange_failed(self, exchange, reason):
        self._went_wrong(exchange, reason)

    def _exchange_unclear(self, exchange, reason):
        self._went_wrong(exchange, reason)

    def _went_wrong(self, exchange, reason, nothing_found=False):
        exchange.sudo().reason = reason
        asks_whole = exchange.service == "ConsultarPedimentoCompletoService"
        if self.state != "asking" or not (
            asks_whole or exchange.service == "ConsultarPartidaService"
        ):
            return
        nothing = asks_whole and nothing_found
        self.write({"state": "nothing" if nothing else "incomplete", "reason": reason})

    # answers -------------------------------------------------------------------
    def _take_whole(self, exchange, answer):
        if self.operation_number or self.state not in RESUMED:
            return  # asked again by hand: the first answer stands
        operation = vucem.operation_number(answer)
        if not vucem.payment_date(answer):
            # it may be changed or withdrawn before it is paid
            reason = self.env._("VUCEM tells no payment of this pedimento.")
            self.write({"state": "unpaid", "whole_id": exchange.id, "reason": reason})
            return
        if self.state == "unpaid":
            self.write({"state": "asking", "reason": False})
        numbers = vucem.partida_numbers(answer)
        self.env["immex.vucem.fetch.partida"].create(
            [{"fetch_id": self.id, "number": number} for number in numbers]
        )
        self.write(
            {
                "operation_number": operation,
                "whole_id": exchange.id,
                "partida_count": len(numbers),
            }
        )
        self._ask()

    def _take_partida(self, exchange, answer):
        if self.state not in ("asking", "incomplete"):
            return
        number = vucem.partida_number(answer)
        partidas = self.env["immex.vucem.fetch.partida"]
        mine = [("fetch_id", "=", self.id)]
        asked = partidas.search([*mine, ("exchange_id", "=", exchange.id)])
        told = partidas.search([*mine, ("number", "=", number)])
        if not told or (asked and asked != told):
            self._went_wrong(
                exchange,
                self.env._(
                    "VUCEM answered for partida %(number)s, which was not asked for.",
                    number=number,
                ),
            )
            return
        told.write({"answered": True, "exchange_id": exchange.id})
        if self.state == "asking":
            self._ask()
        elif not self.missing_count:
            self._ask()  # the last that was missing came

    def _take_state(self, _exchange, answer):
        states, day = vucem.read_states(answer)
        self.write(
            {
                "customs_state": "\n".join(
                    f"{state}/{sub} {words}".strip() for state, sub, words in states
                ),
                "customs_state_date": day,
            }
        )

    def _take_remesas(self, _exchange, answer):
        lines = vucem.read_remesas(answer)[:REMESAS]
        self.remesas = "\n".join(" ".join(line) for line in lines)

    # recording -----------------------------------------------------------------
    def _record(self):
        """All answers are there: into the books through the door of a file."""
        partidas = self.env["immex.vucem.fetch.partida"].search(
            [("fetch_id", "=", self.id)], order="number"
        )
        texts = (self.whole_id + partidas.exchange_id).mapped("answer")
        content = vucem.write_collection(
            self.office,
            self.patente,
            self.document,
            (vucem.parse_answer(text.encode()) for text in texts),
        )
        name = f"VUCEM {self.display_name}.xml"
        try:
            result = self.env["immex.pedimento.file"]._load_or_keep(
                "vucem", self.company_id, io.BytesIO(content), name, by_hand=False
            )
        except UserError as error:
            self.write({"state": "refused", "reason": str(error)})
        else:
            self._took(result)
        self._ask_state()

    def _took(self, result):
        """What the door of files says; a refused one is among the refused files."""
        if result.refused:
            told = [describe(self.env, issue) for issue in result.issues]
            self.write({"state": "refused", "reason": "\n".join(told[:REASONS])})
            return
        self.file_id = result.file.id
        if result.waiting:
            self.state = "loading"
        else:
            self._loaded("known" if result.recognised else "loaded")

    def _loaded(self, file_state, error=None):
        """How the loading of its file ended."""
        state = {"loaded": "recorded", "known": "known"}.get(file_state, "refused")
        self.write({"state": state, "reason": error or False})
