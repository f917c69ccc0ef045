# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Result tables of the screens: one model a report, made from its definition.

Rows belong to a run of the report and go with it. Search, grouping, sums and the walk
to the documents are Odoo's own.
"""

from lxml import etree

from odoo import api, fields, models

from ..definitions import REPORTS
from ..definitions.base import DATE, FLAG, INTEGER, MONEY, QUANTITY


class ImmexReportResult(models.AbstractModel):
    """What every result table has; ``_report_code`` names its definition."""

    _name = "immex.report.result"
    _description = "Result of a report"
    _order = "id"
    _rec_name = "id"
    _report_code = ""
    _log_access = False

    run_id = fields.Many2one(
        "immex.report.run", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one("res.company", required=True, index=True)

    @api.model
    def _definition(self):
        return REPORTS[self._report_code]

    @api.model
    def _get_default_list_view(self):
        view = etree.Element("list", create="0", edit="0", delete="0", limit="200")
        for column in self._definition().columns:
            node = etree.SubElement(view, "field", name=column.name)
            if column.total:
                node.set("sum", column.label)
        return view

    @api.model
    def _get_default_search_view(self):
        view = etree.Element("search")
        for column in self._definition().columns:
            etree.SubElement(view, "field", name=column.name)
        for column in self._definition().columns:
            if column.type == FLAG:
                etree.SubElement(
                    view,
                    "filter",
                    name=f"only_{column.name}",
                    string=column.label,
                    domain=f"[('{column.name}', '=', True)]",
                )
        group = etree.SubElement(view, "group")
        for column in self._definition().columns:
            if column.type in (QUANTITY, MONEY):
                continue
            etree.SubElement(
                group,
                "filter",
                name=f"group_{column.name}",
                string=column.label,
                context=f"{{'group_by': '{column.name}'}}",
            )
        return view

    @api.model
    def _get_default_form_view(self):
        view = etree.Element("form", create="0", edit="0", delete="0")
        sheet = etree.SubElement(view, "sheet")
        group = etree.SubElement(sheet, "group")
        for column in self._definition().columns:
            etree.SubElement(group, "field", name=column.name)
        documents = etree.SubElement(
            sheet, "group", string=self.env._("Documents"), col="2"
        )
        for column in self._definition().records:
            etree.SubElement(documents, "field", name=column.record_column)
        return view


def _field(column):
    options = {"string": column.english, "readonly": True}
    if column.source:
        options["help"] = f"{column.label}. {column.source}."
    else:
        options["help"] = f"{column.label}."
    if column.type in (QUANTITY, MONEY):
        return fields.Float(digits=(24, column.decimals), **options)
    if column.type == INTEGER:
        return fields.Integer(**options)
    if column.type == DATE:
        return fields.Date(**options)
    if column.type == FLAG:
        return fields.Boolean(**options)
    return fields.Char(**options)


def model_name(report):
    return f"immex.report.{report.code.replace('_', '.')}"


def _make(report):
    attributes = {
        "__module__": __name__,
        "__doc__": report.title,
        "_name": model_name(report),
        "_inherit": "immex.report.result",
        "_description": report.english,
        "_report_code": report.code,
    }
    for column in report.columns:
        attributes[column.name] = _field(column)
        if column.record:
            attributes[column.record_column] = fields.Many2one(
                column.record, f"{column.english} (document)", ondelete="cascade"
            )
    name = "".join(part.title() for part in report.code.split("_"))
    return type(f"ImmexReport{name}", (models.Model,), attributes)


MODELS = {report.code: _make(report) for report in REPORTS.values()}
