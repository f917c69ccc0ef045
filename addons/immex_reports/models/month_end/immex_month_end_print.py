# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from dataclasses import dataclass

from odoo import models
from odoo.tools import format_date, format_datetime

from ...definitions.base import FLAG, INTEGER, Column, Header, Report
from ...renderers import Words, write_pdf
from .. import reading


@dataclass(frozen=True)
class MonthHeader(Header):
    """Its period is in the reader's language: the checklist is the company's own."""

    period: str = ""

    def period_text(self, report):
        return self.period


class ImmexMonthEnd(models.Model):
    """The checklist on paper, to be signed and filed."""

    _inherit = "immex.month.end"  # pylint: disable=consider-merging-classes-inherited

    def action_print(self):
        """Button: the checklist as PDF."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/immex/month_end/{self.id}",
            "target": "download",
        }

    def _print_name(self):
        self.ensure_one()
        return f"month_end_{self.date_to:%Y-%m}.pdf"

    def _write_checklist(self, stream):
        """Write the checklist as PDF to a binary stream, in the reader's language."""
        self.ensure_one()
        report = self._printed_report()
        head = reading.header(self.company_id, report, self.date_from, self.date_to)
        head = reading.printed(
            MonthHeader(
                **vars(head),
                period=self.env._(
                    "From %(start)s to %(end)s",
                    start=format_date(self.env, self.date_from),
                    end=format_date(self.env, self.date_to),
                ),
            ),
            self.company_id,
        )
        words = Words(
            program=self.env._("IMMEX Programme"),
            page=self.env._("Page {page} of "),
            printed=self.env._("Printed on {printed}"),
            rows=self.env._("Lines: {rows}"),
            sign=self.env._("Name and signature of the responsible"),
            yes=self.env._("Yes"),
            no=self.env._("No"),
        )
        return write_pdf(report, head, self._printed_rows(), stream, words)

    def _printed_report(self):
        label = self.env["immex.month.end.step"]._fields

        def column(name, width, kind="text"):
            text = label[name]._description_string(self.env)
            return Column(name, text, text, kind, width=width)

        return Report(
            code="month_end",
            title=self.env._("Month-end checklist"),
            query="",
            columns=(
                Column("number", "#", "#", INTEGER, width=4),
                column("name", 30),
                column("blocks", 7, FLAG),
                column("state", 12),
                column("result", 30),
                column("done_by", 20),
                column("done_at", 16),
                column("note", 34),
            ),
        )

    def _printed_rows(self):
        states = dict(
            self.env["immex.month.end.step"]
            ._fields["state"]
            ._description_selection(self.env)
        )
        zone = self.company_id.sudo()._immex_timezone()
        for step in self.step_ids:
            yield (
                step.sequence,
                step.name,
                step.blocks,
                states[step.state],
                step.result or None,
                # whoever confirmed it may have left, or not be for this reader's eyes
                step.sudo().done_by.name or None,
                format_datetime(self.env, step.done_at, tz=zone, dt_format="short")
                or None,
                step.note or None,
            )
        for name in ("open_at_close", "reason"):
            if text := self[name]:
                title = self._fields[name]._description_string(self.env)
                yield (None, title, None, None, None, None, None, text)
