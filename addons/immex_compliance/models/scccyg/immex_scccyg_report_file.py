# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import base64
import io
import re
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...formats.issues import FormatError
from ...formats.scccyg import (
    DischargeReport,
    Goods,
    InitialLine,
    Limits,
    ScccygReader,
    ScccygWriter,
)
from ..pedimento.file_issues import describe
from . import scccyg_sql as sql

MAX_BYTES = 64 * 1024 * 1024
SHOWN = 20  # errors of a file that are told


class ImmexScccygReport(models.Model):
    """The text file of a report: written, and another one read and compared."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "immex.scccyg.report"

    file = fields.Binary(readonly=True, attachment=True, copy=False)
    filename = fields.Char(readonly=True, copy=False)
    given = fields.Binary(
        "File to Compare",
        attachment=True,
        copy=False,
        help="A file of this report that was made elsewhere, or that was sent: its "
        "values are compared with those of the ledger, line by line.",
    )
    given_name = fields.Char(copy=False)
    compared_at = fields.Datetime(readonly=True, copy=False)
    differing_count = fields.Integer(
        "Lines That Differ", compute="_compute_differing_count"
    )

    @api.depends("goods_ids.difference")
    def _compute_differing_count(self):
        counts = dict(
            self.env["immex.scccyg.goods"]._read_group(
                [("report_id", "in", self.ids), ("difference", "!=", 0)],
                ["report_id"],
                ["__count"],
            )
        )
        for record in self:
            record.differing_count = counts.get(record._origin, 0)

    def action_write(self):
        """Button: the text file, in the layout of the settings."""
        for record in self:
            record._check_manager()
            record._check_open()
            if not record.computed_at:
                raise UserError(self.env._("Compute the values first."))
            record._check_overlap()
            stream = io.BytesIO()
            try:
                record._write_file(ScccygWriter(stream, record._settings()._layout()))
            except ValueError as error:
                raise UserError(
                    self.env._("The file cannot be written: %(error)s", error=error)
                ) from error
            record.sudo().write(
                {
                    "file": base64.b64encode(stream.getvalue()),
                    "filename": record._filename(),
                    "state": "written",
                }
            )
        return True

    def _filename(self):
        settings = self._settings()
        parts = {"rfc": self.company_id.vat or "RFC", "number": str(self.id)}
        name = settings.initial_name
        if self.kind == "discharge":
            name = settings.report_name
            layout = settings._layout()
            parts |= {
                "destination": self.destination,
                "destination_code": layout.destinations[self.destination],
                "year": str(self.year),
                "period": self.period,
                "code": layout.code_of(self.period, self.number),
            }
        for key, value in parts.items():
            name = name.replace(f"{{{key}}}", value)
        # a name, never a path
        return re.sub(r"[^\w.-]+", "_", name).lstrip(".")

    def _write_file(self, writer):
        replaces = self.replaces_id.folio or ""
        self.env.flush_all()
        self.env.cr.execute(sql.GOODS, {"report_id": self.id})
        # a line that only a compared file has is none of ours
        rows = [row for row in self.env.cr.fetchall() if Decimal(row[5])]
        if self.kind == "initial":
            for patente, document, section, paid, fraccion, value, asset in rows:
                writer.initial(
                    InitialLine(
                        patente,
                        document,
                        section,
                        paid,
                        fraccion,
                        Decimal(value),
                        bool(asset),
                        replaces,
                    )
                )
            if not rows:
                writer.zero()
            return
        self.env.cr.execute(sql.NAMED, {"report_id": self.id})
        named = self.env.cr.fetchall()
        writer.report(
            DischargeReport(
                self.destination,
                self.year,
                self.period,
                self.number,
                replaces,
                [
                    Goods(fraccion, Decimal(value), bool(asset))
                    for *_document, fraccion, value, asset in rows
                ],
                [row[:3] for row in named if row[0]],
                [row[3] for row in named if row[3]],
            )
        )

    def action_compare(self):
        """Button: read the given file and compare it with the values here."""
        self.ensure_one()
        self._check_manager()
        if not self.given or not self.computed_at:
            raise UserError(
                self.env._("Compute the values and choose a file to compare first.")
            )
        rows = self._read_given()
        params = {"report_id": self.id, "company_id": self.company_id.id}
        self.env.flush_all()
        cr = self.env.cr
        cr.execute(
            "DELETE FROM immex_scccyg_goods"
            " WHERE report_id = %(report_id)s AND value = 0",
            params,
        )
        cr.execute(sql.GIVEN)
        cr.execute(sql.GIVE, list(map(list, zip(*rows, strict=True))) or [[]] * 7)
        cr.execute(sql.COMPARE, params)
        cr.execute(sql.ADDED, params)
        self.env.invalidate_all()
        self.sudo().compared_at = fields.Datetime.now()
        return True

    def _read_given(self):
        """Rows of the given file that are of this report.

        :raise UserError: every error of the file by line and field, or that the file
            is of another report
        """
        content = base64.b64decode(self.given)
        layout = self._settings()._layout()
        reader = ScccygReader(io.BytesIO(content), layout, Limits(max_bytes=MAX_BYTES))
        rows, others = [], 0
        try:
            for item in reader:
                if isinstance(item, InitialLine) and self.kind == "initial":
                    rows.append(
                        (
                            item.patente,
                            item.pedimento,
                            item.aduana,
                            item.date,
                            item.fraccion,
                            item.value,
                            item.fixed_asset,
                        )
                    )
                elif isinstance(item, DischargeReport) and self._is_this(item):
                    rows += [
                        (None, None, None, None, g.fraccion, g.value, g.fixed_asset)
                        for g in item.goods
                    ]
                else:
                    others += 1
        except FormatError as error:
            raise UserError(describe(self.env, error.issue)) from error
        if reader.issues.errors:
            told = [describe(self.env, issue) for issue in reader.issues[:SHOWN]]
            raise UserError("\n".join(told))
        if others and not rows:
            raise UserError(
                self.env._("The file holds other reports, and nothing of this one.")
            )
        return rows

    def _is_this(self, item):
        return (item.destination, item.year, item.period, item.number) == (
            self.destination,
            self.year,
            self.period,
            self.number,
        ) and self.kind == "discharge"
