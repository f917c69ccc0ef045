# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Everything that a printed traceability file speaks of, unfolded, of bounded size."""

from odoo.fields import Domain

from .trace_graph import read
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
        self.layers = env["immex.layer"].search(
            root.layers | Domain("discharge_ids", "any", root.discharges),
            limit=MOST + 1,
            order="peps_date, peps_key",
        )
        self.exits = env["immex.exit.line"].search(
            root.exits
            | Domain("discharge_ids", "any", root.discharges)
            | Domain("requirement_ids", "any", root.requirements),
            limit=MOST + 1,
            order="date, natural_key",
        )
        keys = {
            row["source"] for row in read(records, MOST, ()) if row["what"] == "made"
        }
        self.cut = max(len(self.layers), len(self.exits)) > MOST or any(
            not key.startswith("made:") for key in keys
        )
        self.layers, self.exits = self.layers[:MOST], self.exits[:MOST]
        self.made = env["immex.production.layer"].search(
            [("id", "in", [int(key[5:]) for key in keys if key.startswith("made:")])],
            order="date, natural_key",
        )
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

    def _with_versions(self, pedimentos):
        first = pedimentos.root_id | pedimentos
        return self.env["immex.pedimento"].search(
            ["|", ("id", "in", (first | pedimentos).ids), ("root_id", "in", first.ids)],
            order="payment_date, number15",
        )
