# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Result tables of the screens: one model a report, made from its definition.

Rows belong to a run of the report and go with it. Search, grouping, sums and the walk
to the documents are Odoo's own. Documents are kept by id without a foreign key: a
report says what was, and thousands of keys would slow both sides.
"""

from lxml import etree

from odoo import api, fields, models

from ..definitions import REPORTS
from ..definitions.base import DATE, FLAG, INTEGER, QUANTITY, TEXT
from .known_float import KnownFloat

# how the screen names a document whose column is a date, a number or a mark
DOCUMENTS = {
    "immex.layer": "Layer",
    "immex.exit.line": "Exit",
    "immex.discharge": "Discharge",
    "immex.pedimento.partida": "Partida",
}
PIXELS = 8  # of a character
SHOWN = 14  # columns that a user cannot hide


class ImmexReportResult(models.AbstractModel):
    """What every result table has; ``_report_code`` names its definition."""

    _name = "immex.report.result"
    _description = "Result of a report"
    _order = "id"
    _rec_name = "run_id"
    _report_code = ""
    _log_access = False

    run_id = fields.Many2one("immex.report.run", required=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")

    # a page begins at its first row, however far in the report
    _rows = models.Index("(run_id, id)")

    @api.model
    def _definition(self):
        return REPORTS[self._report_code]

    def _compute_documents(self):
        for column in self._definition().records:
            ids = set(self.mapped(f"{column.name}_ref")) - {0}
            known = set(self.env[column.record].sudo().browse(ids).exists().ids)
            for row in self:
                document = row[f"{column.name}_ref"]
                row[column.record_column] = document if document in known else False

    def action_open_document(self):
        """Open the document that the context names by its column."""
        self.ensure_one()
        column = self.env.context.get("immex_column")
        if column not in {record.name for record in self._definition().records}:
            return False
        document = self[f"{column}_id"]
        if not document:
            return False
        document.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": document._name,
            "res_id": document.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    # views, from the definition -------------------------------------------------
    def _label(self, name):
        return self._fields[name]._description_string(self.env)

    def _document_buttons(self, view):
        for column in self._definition().records:
            etree.SubElement(
                view,
                "button",
                name="action_open_document",
                type="object",
                icon="fa-external-link",
                title=self._label(column.record_column),
                context=f"{{'immex_column': '{column.name}'}}",
                invisible=f"not {column.name}_ref",
            )
            etree.SubElement(
                view, "field", name=f"{column.name}_ref", column_invisible="1"
            )

    @api.model
    def _get_default_list_view(self):
        view = etree.Element(
            "list", create="0", edit="0", delete="0", duplicate="0", limit="200"
        )
        for position, column in enumerate(self._definition().columns):
            node = etree.SubElement(view, "field", name=column.name)
            if column.width > 14:
                node.set("width", f"{column.width * PIXELS}px")
            if position >= SHOWN:
                node.set("optional", "show")
            if column.total:
                node.set("sum", self._label(column.name))
        self._document_buttons(view)
        return view

    @api.model
    def _get_default_search_view(self):
        view = etree.Element("search")
        columns = self._definition().columns
        for column in columns:
            if not column.numeric:
                etree.SubElement(view, "field", name=column.name)
        for column in columns:
            if column.type == FLAG:
                etree.SubElement(
                    view,
                    "filter",
                    name=f"only_{column.name}",
                    string=self._label(column.name),
                    domain=f"[('{column.name}', '=', True)]",
                )
        group = etree.SubElement(view, "group")
        for column in columns:
            if not column.numeric:
                etree.SubElement(
                    group,
                    "filter",
                    name=f"group_{column.name}",
                    string=self._label(column.name),
                    context=f"{{'group_by': '{self._grouping(column)}'}}",
                )
        return view

    def _grouping(self, column):
        """Days where a report is grouped by a date at first, else months."""
        by_day = column.type == DATE and column.name in self._definition().group_by
        return f"{column.name}:day" if by_day else column.name

    @api.model
    def _get_default_pivot_view(self):
        definition = self._definition()
        view = etree.Element("pivot", sample="0")
        for name in definition.group_by:
            by_day = {"interval": "day"} if self._fields[name].type == "date" else {}
            etree.SubElement(view, "field", name=name, type="row", **by_day)
        for column in definition.totals:
            etree.SubElement(view, "field", name=column.name, type="measure")
        return view

    @api.model
    def _get_default_form_view(self):
        definition = self._definition()
        view = etree.Element("form", create="0", edit="0", delete="0")
        sheet = etree.SubElement(view, "sheet")
        columns = etree.SubElement(sheet, "group")
        half = -(-len(definition.columns) // 2)
        for part in (definition.columns[:half], definition.columns[half:]):
            group = etree.SubElement(columns, "group")
            for column in part:
                etree.SubElement(group, "field", name=column.name)
        documents = etree.SubElement(
            sheet, "group", string=self.env._("Documents"), name="documents"
        )
        for column in definition.records:
            etree.SubElement(documents, "field", name=column.record_column)
        return view


def _field(column):
    source = f" {column.source}." if column.source else ""
    options = {
        "string": column.english,
        "readonly": True,
        "help": f"{column.label}.{source}",
    }
    if column.type == QUANTITY:
        # of parts in several units, and repeated where a row is a part of another
        return KnownFloat(digits=(24, column.decimals), aggregator=None, **options)
    if column.numeric:
        return KnownFloat(digits=(24, column.decimals), **options)
    if column.type == INTEGER:
        return fields.Integer(aggregator=None, **options)
    if column.type == DATE:
        return fields.Date(**options)
    if column.type == FLAG:
        return fields.Boolean(**options)
    return fields.Char(**options)


def _document_name(column):
    name = column.english if column.type == TEXT else DOCUMENTS[column.record]
    return f"{name} (record)"


def model_name(report):
    return f"immex.report.{report.code.replace('_', '.')}"


def _make(report):
    attributes = {
        "__module__": __name__,
        "__doc__": f"{report.title}. {report.source}.",
        "_name": model_name(report),
        "_inherit": "immex.report.result",
        "_description": report.english,
        "_report_code": report.code,
    }
    for column in report.columns:
        attributes[column.name] = _field(column)
        if column.record:
            attributes[f"{column.name}_ref"] = fields.Integer(
                f"{column.english}: id", readonly=True, aggregator=None
            )
            attributes[column.record_column] = fields.Many2one(
                column.record,
                _document_name(column),
                compute="_compute_documents",
            )
    name = "".join(part.title() for part in report.code.split("_"))
    return type(f"ImmexReport{name}", (models.Model,), attributes)


MODELS = {code: _make(report) for code, report in REPORTS.items()}
