# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL, formatLang

# Imported, and taken by kind of exit, in the declared unit (UMC).
BALANCE = """
WITH layer AS (
    SELECT id, partida_id, qty_umc FROM immex_layer
     WHERE partida_id IN %(ids)s AND active)
SELECT partida_id, NULL, sum(qty_umc)::text FROM layer GROUP BY partida_id
UNION ALL
SELECT l.partida_id, e.kind, sum(d.qty_umc)::text
  FROM layer l
  JOIN immex_discharge d ON d.layer_id = l.id
  JOIN immex_exit_line e ON e.id = d.exit_line_id
 WHERE d.superseded_run_id IS NULL
 GROUP BY l.partida_id, e.kind
"""

# What a partida usually shares with the one above it.
AS_ABOVE = (
    "umc_id",
    "umt_id",
    "origin_country_id",
    "origin_code",
    "seller_country_id",
    "seller_code",
    "valuation_method",
    "linkage",
)

# What the sums of a typed pedimento are made of.
SUMMED = {"value_usd", "customs_value", "commercial_value"}


class ImmexPedimentoPartida(models.Model):
    """Entry by keyboard, and what is left of what a partida imported."""

    _name = "immex.pedimento.partida"
    _inherit = ["immex.pedimento.partida", "immex.abstract.pedimento.row"]

    balance = fields.Json(
        compute="_compute_balance",
        help="In the declared unit: imported, discharged by kind of exit, left.",
    )

    # balance ------------------------------------------------------------------------
    @api.depends("qty_umc", "umc_id")
    @api.depends_context("lang")
    def _compute_balance(self):
        """Dict of text (everything in words) and parts: kind, label, share (percent
        of what was imported). False where the partida made no layer."""
        imported, taken = {}, {}
        if self.ids:
            self.env.flush_all()
            for partida, kind, quantity in self.env.execute_query(
                SQL(BALANCE, ids=tuple(self.ids))
            ):
                if kind is None:
                    imported[partida] = Decimal(quantity or 0)
                else:
                    taken.setdefault(partida, {})[kind] = Decimal(quantity or 0)
        for partida in self:
            total = imported.get(partida._origin.id)
            partida.balance = total and partida._balance_of(
                total, taken.get(partida._origin.id, {})
            )

    def _balance_of(self, total, taken):
        kinds = self.env["immex.exit.line"]._fields["kind"]
        quantities = [
            (kind, label, taken[kind])
            for kind, label in kinds._description_selection(self.env)
            if taken.get(kind)
        ]
        left = total - sum((part[2] for part in quantities), Decimal(0))
        quantities.append(("left", self.env._("Left"), left))
        parts = [
            {
                "kind": kind,
                "label": f"{label} {self._quantity(quantity)}",
                "share": float(round(100 * quantity / total, 2)),
            }
            for kind, label, quantity in quantities
        ]
        imported = self.env._("Imported %(quantity)s", quantity=self._quantity(total))
        words = [f"{imported} {self.umc_id.name or ''}".strip()]
        return {
            "text": " · ".join(words + [part["label"] for part in parts]),
            "parts": [part for part in parts if part["share"]],
        }

    def _quantity(self, quantity):
        """As people of the user's language write it, with the decimals that it has."""
        decimals = max(0, -quantity.normalize().as_tuple().exponent)
        return formatLang(self.env, float(quantity), digits=decimals)

    # entry --------------------------------------------------------------------------
    @api.onchange("pedimento_id")
    def _onchange_pedimento_id(self):
        """A new row goes on from the one above."""
        above = self.pedimento_id.partida_ids.filtered(
            lambda row: row != self and row._origin != self and row.sequence
        )
        if self._origin or self.sequence:
            return
        last = max(above, key=lambda row: row.sequence, default=self.browse())
        self.sequence = last.sequence + 1
        for name in AS_ABOVE:
            if last[name] and not self[name]:
                self[name] = last[name]

    @api.onchange("qty_umc", "umc_id", "umt_id")
    def _onchange_qty_umc(self):
        """Where both units are the same, so are the quantities."""
        if self.umc_id and self.umc_id == self.umt_id:
            self.qty_umt = self.qty_umc

    @api.onchange("origin_code", "seller_code")
    def _onchange_countries(self):
        for code, country in (
            ("origin_code", "origin_country_id"),
            ("seller_code", "seller_country_id"),
        ):
            if self[code]:
                self[code] = self[code].upper()
                key = self.env["immex.country"].search(
                    [("code", "=", self[code])], limit=1
                )
                self[country] = key.country_id

    @api.model_create_multi
    def create(self, vals_list):
        partidas = super().create(vals_list)
        partidas.pedimento_id._sum_typed()
        return partidas

    def write(self, vals):
        result = super().write(vals)
        if not SUMMED.isdisjoint(vals):
            self.pedimento_id._sum_typed()
        return result

    def unlink(self):
        pedimentos = self.pedimento_id
        result = super().unlink()
        pedimentos.exists()._sum_typed()
        return result
