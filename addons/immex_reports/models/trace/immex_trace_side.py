# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

from .trace_listed import SIDES, listed
from .trace_root import root_of


class ImmexTraceSide(models.AbstractModel):
    """Records that traceability files hold many of: imports, production, exits."""

    _name = "immex.trace.side"
    _description = "Stands in traceability files"

    trace_of = fields.Char(
        "In the Traceability of",
        store=False,
        search="_search_trace_of",
        help="A model and the ids of its records: immex.pedimento:12,13.",
    )

    def _search_trace_of(self, operator, value):
        """What the traceability of these records holds, found by the database: no list
        of ids goes to the browser and back."""
        if operator != "in" or len(value) != 1:
            return NotImplemented
        model, _colon, ids = str(next(iter(value))).partition(":")
        # as the picture reads them, whatever the list shows besides
        trace = self.env["immex.trace"].with_context(active_test=True)
        records = trace._records(model, list(filter(str.isdecimal, ids.split(","))))
        side = next(side for side, name in SIDES.items() if name == self._name)
        return [("id", "in", listed(trace.env, root_of(records), side))]
