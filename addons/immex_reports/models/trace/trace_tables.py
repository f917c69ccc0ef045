# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The tables of a printed traceability file, worded."""

import csv
import io
import re

from odoo.tools import SQL, format_date

from odoo.addons.immex_compliance.models.inventory.walk import part, spaced

from ..reading import stream
from . import numbers
from .trace_tables_documents import TraceDocumentTables
from .trace_tables_goods import TraceGoodsTables

NUMBER = re.compile(r"-?\d+(\.\d+)?")
DISCHARGES = """
SELECT d.exit_line_id, e.document_date, e.date, d.layer_id, d.product_id, e.product_id,
       mo.name, d.kind, d.quantity::text, d.qty_umc::text, d.qty_umt::text,
       d.value_usd::text, d.customs_value::text, d.late, d.chosen_by,
       COALESCE(xp.number, act.act_number, e.natural_key),
       concat_ws(' / ', lp.number, la.sequence), d.run_id
  FROM immex_discharge d
  JOIN immex_exit_line e ON e.id = d.exit_line_id
  JOIN immex_layer l ON l.id = d.layer_id
  JOIN immex_requirement r ON r.id = d.requirement_id
  LEFT JOIN immex_production_layer m ON m.id = r.production_layer_id
  LEFT JOIN mrp_production mo ON mo.id = m.production_id
  LEFT JOIN immex_pedimento xp ON xp.id = e.pedimento_id
  LEFT JOIN immex_destruction_line al ON al.id = e.destruction_line_id
  LEFT JOIN immex_destruction act ON act.id = al.destruction_id
  LEFT JOIN immex_pedimento lp ON lp.id = l.pedimento_id
  LEFT JOIN immex_pedimento_partida la ON la.id = l.partida_id
 WHERE d.id IN %(discharges)s
 ORDER BY e.date, e.natural_key COLLATE "C", l.peps_date, l.peps_key COLLATE "C",
          d.kind, d.layer_from
"""


class TraceTables(TraceDocumentTables, TraceGoodsTables):
    """Sections of the PDF, and the list of all discharges as CSV."""

    def __init__(self, scope, nodes):
        """:param nodes: :class:`TraceNodes`, for its words and exact numbers"""
        self.scope, self.env, self.nodes = scope, scope.env, nodes
        self.names = {}

    def sections(self):
        return [
            self._pedimentos(),
            self._layers(),
            self._production(),
            self._discharges(),
            self._exits(),
            self._rectifications(),
            self._acknowledgements(),
            self._findings(),
        ]

    # helpers --------------------------------------------------------------------------
    def _date(self, day):
        return format_date(self.env, day) if day else ""

    def _choice(self, model, field, value):
        options = dict(self.env[model]._fields[field]._description_selection(self.env))
        return options.get(value, "")

    def _product(self, product_id):
        if product_id not in self.names:
            product = self.env["product.product"].sudo().browse(product_id)
            self.names[product_id] = (part(product), product.uom_id.name)
        return self.names[product_id]

    def _number(self, value):
        return "" if value is None else numbers.told(self.env, value)

    def _note(self):
        if not self.scope.cut:
            return ""
        return self.env._(
            "The chain is longer than this table: descargos.csv holds every discharge."
        )

    def rows(self):
        """Yield every discharge, as tuples of the columns of ``DISCHARGES``."""
        query = self.env["immex.discharge"]._search(self.scope.discharges)
        yield from stream(self.env.cr, SQL(DISCHARGES, discharges=query.subselect()))

    # the list of all ----------------------------------------------------------------
    def write_csv(self, target):
        """Every discharge as CSV, in UTF-8 with its mark: spreadsheets look for it."""
        text = io.TextIOWrapper(target, encoding="utf-8-sig", newline="")
        writer = csv.writer(text)
        writer.writerow(
            [
                self.env._("Exit document"),
                self.env._("Date"),
                self.env._("Product"),
                self.env._("Order"),
                self.env._("Material"),
                self.env._("Kind"),
                self.env._("Quantity"),
                self.env._("Unit"),
                self.env._("Quantity UMC"),
                self.env._("Quantity UMT"),
                self.env._("Value (USD)"),
                self.env._("Customs value (MXN)"),
                self.env._("Import / partida"),
                self.env._("Late"),
                self.env._("Run"),
            ]
        )
        for row in self.rows():
            name, unit = self._product(row[4])
            day = row[1] or row[2]
            writer.writerow(
                [
                    _plain(value)
                    for value in (
                        spaced(row[15]),
                        day.isoformat() if day else "",
                        self._product(row[5])[0],
                        row[6],
                        name,
                        self.nodes.kinds[row[7]],
                        row[8],
                        unit,
                        row[9],
                        row[10],
                        row[11],
                        row[12],
                        spaced(row[16]),
                        "1" if row[13] else "0",
                        f"{row[17]:06d}",
                    )
                ]
            )
        text.flush()
        text.detach()


def _plain(value):
    """A cell that no spreadsheet takes for a formula; a number below zero is none."""
    text = "" if value is None else str(value)
    formula = text[:1] in ("=", "+", "-", "@", "\t", "\r")
    return f"'{text}" if formula and not NUMBER.fullmatch(text) else text
