# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.exceptions import UserError

from .trace_graph import LIMIT, TraceGraph, title
from .trace_listed import SIDES, place_of
from .trace_root import SOURCES, asked


class ImmexTrace(models.AbstractModel):
    """The traceability file as a picture: from the import pedimento to the exit.

    Read with the rights of who looks; names of transfers and orders are told also to
    who may not open them, as findings do. Nothing is written.
    """

    _name = "immex.trace"
    _description = "Traceability of imports and exits"

    @api.model
    @api.readonly
    def graph(self, model, ids, limit=LIMIT, opened=(), papers=True):
        """What the picture shows of records of ``model``.

        :param str model: one of the models that have a traceability file
        :param ids: records of one company
        :param int limit: records of a side before they are folded
        :param opened: keys of nodes that were unfolded
        :param bool papers: with invoices, orders, versions
        :return: dict, see :meth:`TraceGraph.values`
        :raise UserError: no such records, or of several companies
        """
        records = self._records(model, ids)
        return TraceGraph(records, limit, opened, papers).values()

    @api.model
    @api.readonly
    def listed(self, model, ids, key):
        """Action that lists all that a folded node stands for: the document's records,
        or all of a side.

        :param str key: of a node of :meth:`graph` that has a list
        :raise UserError: no such records, or no such node
        """
        records = self._records(model, ids)
        place = place_of(key)
        if place:
            side, domain = place
            model, of = (
                SIDES[side],
                f"{records._name}:{','.join(map(str, records.ids))}",
            )
            domain = [("trace_of", "=", of), *domain]
        elif key == "more:pedimento":
            model, domain = "immex.pedimento", [("id", "in", asked(records).ids)]
        else:
            raise UserError(self.env._("There is no traceability file of this."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Traceability: %(name)s", name=title(records)),
            "res_model": model,
            "views": [(False, "list"), (False, "form")],
            "domain": domain,
            # what is superseded is shown as it stood
            "context": {"active_test": False},
        }

    @api.model
    def _records(self, model, ids):
        """The records, checked: kind, rights, and one company."""
        if model not in SOURCES:
            raise UserError(self.env._("There is no traceability file of this."))
        records = self.env[model].browse(map(int, ids)).exists()
        records.check_access("read")
        if not records:
            raise UserError(self.env._("What the traceability file was of is gone."))
        if len(records.company_id) != 1:
            raise UserError(
                self.env._("A traceability file is of the records of one company.")
            )
        return records

    @api.model
    def _action(self, records):
        """Action that shows the picture of ``records``."""
        self._records(records._name, records.ids)
        return {
            "type": "ir.actions.client",
            "tag": "immex_trace",
            "name": self.env._("Traceability"),
            "params": {"model": records._name, "ids": records.ids},
        }
