# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Everything that a printed traceability file speaks of, unfolded, of bounded size."""

from .trace_listed import SIDES, listed
from .trace_root import root_of

MOST = 2000  # records of a side in the tables; the list of discharges holds all


class TraceScope:
    """Records behind a traceability file, as the reader may see them.

    ``layers``, ``exits``, ``made``, ``pedimentos``, ``pickings`` (sudo), ``acts``;
    ``discharges``: domain; ``cut``: whether a side holds more than the tables do.
    """

    def __init__(self, records):
        self.env = env = records.env
        self.records = records
        root = root_of(records)
        self.discharges = root.discharges
        self.cut = False
        self.layers = self._side(root, "layer", "peps_date, peps_key")
        self.exits = self._side(root, "exit", "date, natural_key")
        self.made = self._side(root, "made", "date, natural_key")
        asked = (
            records if records._name == "immex.pedimento" else env["immex.pedimento"]
        )
        self.pedimentos = self._with_versions(
            asked | self.layers.pedimento_id | self.exits.pedimento_id
        )
        self.acts = self.exits.destruction_line_id.destruction_id
        movements = (
            (self.layers.goods_id | self.exits.goods_id).link_ids.movement_id
            | self.layers.movement_id
            | self.exits.movement_id
        )
        self.pickings = (
            movements.sudo().picking_id | self.acts.sudo().picking_id
        ).sorted(
            lambda picking: (picking.date_done or picking.create_date, picking.name)
        )

    def _side(self, root, side, order):
        found = self.env[SIDES[side]].search(
            [("id", "in", listed(self.env, root, side))], limit=MOST + 1, order=order
        )
        self.cut |= len(found) > MOST
        return found[:MOST]

    def _with_versions(self, pedimentos):
        first = pedimentos.root_id | pedimentos
        return self.env["immex.pedimento"].search(
            ["|", ("id", "in", (first | pedimentos).ids), ("root_id", "in", first.ids)],
            order="payment_date, number15",
        )
