# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.pedimento.detail_sql import FACTOR
from .detail_sources import SOURCES

PROPOSABLE = ("missing", "mismatch", "unmapped", "no_factor")
RANK = {"part_file": 0, "invoice": 1, "receipt": 1, "product_code": 2, "manual": 3}

# Factor of a product against the customs unit of a partida, exact and as text.
FACTOR_OF = f"""
SELECT fx.customs_qty::text, fx.part_qty::text
  FROM immex_pedimento_partida pa
  JOIN immex_pedimento p ON p.id = pa.pedimento_id
  JOIN product_template pt ON pt.id = %(template_id)s
  {FACTOR}
 WHERE pa.id = %(partida_id)s
"""


def spread(total, weights, digits):
    """Split ``total`` by ``weights`` at cumulative positions, half up.

    The parts have ``digits`` decimals and sum to ``total`` exactly; the last one takes
    the remainder.
    """
    whole = sum(weights)
    if not whole:
        return [Decimal(0)] * len(weights)
    quantum = Decimal(1).scaleb(-digits)
    parts, upto, given = [], Decimal(0), Decimal(0)
    for weight in weights:
        upto += weight
        mark = (total * upto / whole).quantize(quantum, ROUND_HALF_UP)
        parts.append(mark - given)
        given = mark
    return parts


class ImmexDetailProposal(models.TransientModel):
    """Propose the parts of partidas from receipts or invoices; a person confirms.

    The proposal writes nothing. Quantities in UMC come from the source through the
    unit factor, so a difference from the paper is seen and settled by hand; UMT and
    value follow the declared ones of the partida.
    """

    _name = "immex.detail.proposal"
    _description = "Propose part detail"

    pedimento_id = fields.Many2one("immex.pedimento", required=True, readonly=True)
    source = fields.Selection(
        [("receipt", "Receipts"), ("invoice", "Invoice lines")],
        required=True,
        default="receipt",
    )
    line_ids = fields.One2many("immex.detail.proposal.line", "proposal_id")

    def action_propose(self):
        """Fill the lines from the source; what was there is replaced."""
        self.ensure_one()
        self.pedimento_id.check_access("write")
        rows = self._source_rows()
        if not rows:
            raise UserError(
                self.env._(
                    "No done transfer and no invoice of %(pedimento)s has lines.",
                    pedimento=self.pedimento_id.number,
                )
            )
        self.line_ids.unlink()
        by_partida = defaultdict(list)
        for row in rows:
            by_partida[self._partida_of(row["product"])].append(row)
        self.line_ids = [
            fields.Command.create(values)
            for partida, group in by_partida.items()
            for values in self._propose_partida(partida, group)
        ]
        return self._reopen()

    def _source_rows(self):
        self.env.flush_all()
        self.env.cr.execute(
            SOURCES[self.source],
            {
                "pedimento_id": self.pedimento_id.id,
                "company_id": self.pedimento_id.company_id.id,
            },
        )
        products = self.env["product.product"]
        return [
            {
                "product": products.browse(product_id),
                "template_id": template_id,
                "quantity": Decimal(quantity),
                "weight": weight and Decimal(weight),
                "document": document,
            }
            for product_id, template_id, quantity, weight, document in (
                self.env.cr.fetchall()
            )
        ]

    def _partida_of(self, product):
        """The one partida that waits and could hold the product, else none."""
        waiting = self.pedimento_id.partida_ids.filtered(
            lambda partida: partida.detail_state in PROPOSABLE
        )
        fraccion = product.immex_tariff_item_id.fraccion
        same = waiting.filtered(lambda partida: partida.fraccion == fraccion)
        for candidates in (same, waiting):
            if len(candidates) == 1:
                return candidates
        return waiting.browse()

    def _propose_partida(self, partida, rows):
        """Values of the lines of one partida (or of none)."""
        umc = [self._to_umc(partida, row) for row in rows]
        if len(rows) == 1 and partida:
            umc = [self._exact(partida, "qty_umc")]
        weights = [row["weight"] for row in rows]
        if not all(weights):
            weights = umc
        umt = spread(self._exact(partida, "qty_umt"), umc, 5)
        usd = spread(self._exact(partida, "value_usd"), weights, 2)
        for row, qty_umc, qty_umt, value in zip(rows, umc, umt, usd, strict=True):
            yield {
                "partida_id": partida.id,
                "product_id": row["product"].id,
                "document": row["document"],
                "quantity": float(row["quantity"]),
                "qty_umc": float(qty_umc),
                "qty_umt": float(qty_umt),
                "value_usd": float(value),
            }

    def _to_umc(self, partida, row):
        """Quantity of the source in the partida's UMC; zero where no factor tells."""
        self.env.cr.execute(
            FACTOR_OF,
            {"template_id": row["template_id"], "partida_id": partida.id or 0},
        )
        found = self.env.cr.fetchone()
        if not found or not found[0]:
            return Decimal(0)
        customs_qty, part_qty = map(Decimal, found)
        quantity = row["quantity"] * customs_qty / part_qty
        return quantity.quantize(Decimal("0.001"), ROUND_HALF_UP)

    @api.model
    def _exact(self, partida, name):
        """A declared figure as Decimal: fields give floats rounded to their digits."""
        digits = partida._fields[name].get_digits(self.env)[1]
        quantum = Decimal(1).scaleb(-digits)
        return Decimal(repr(partida[name])).quantize(quantum, ROUND_HALF_UP)

    def action_apply(self):
        """The lines become the part detail of their partidas."""
        self.ensure_one()
        self.pedimento_id.check_access("write")
        if self.line_ids.filtered(
            lambda line: not line.partida_id or line.qty_umc <= 0
        ):
            raise UserError(
                self.env._("Every line needs its partida and its quantity in UMC.")
            )
        if self.line_ids.partida_id.pedimento_id - self.pedimento_id:
            raise UserError(self.env._("A partida is of another pedimento."))
        for partida, lines in self.line_ids.grouped("partida_id").items():
            self._check_rank(partida)
            partida._replace_detail(
                [
                    line_values | {"source": self.source}
                    for line_values in self._goods(lines)
                ]
            )
        self.pedimento_id._recompute_detail()
        return {"type": "ir.actions.act_window_close"}

    def _check_rank(self, partida):
        """A proposal never takes the place of the broker's part file."""
        best = min(
            (RANK[source] for source in partida.goods_ids.mapped("source")), default=9
        )
        if best < RANK[self.source]:
            raise UserError(
                self.env._(
                    "Partida %(partida)s has its detail from the part file, which "
                    "comes first.",
                    partida=partida.sequence,
                )
            )

    def _goods(self, lines):
        for line in lines:
            yield {
                "part_number": line.product_id.default_code,
                "description": line.product_id.name,
                "product_id": line.product_id.id,
                "lot_name": line.lot_name,
                "qty_umc": line.qty_umc,
                "qty_umt": line.qty_umt,
                "value_usd": line.value_usd,
                "origin_country_id": line.partida_id.origin_country_id.id,
            }

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Propose part detail"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }
