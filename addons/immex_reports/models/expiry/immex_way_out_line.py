# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

from ..known_float import KnownFloat
from .ways import LEGAL, reasons

MONEY = (20, 0)


class ImmexWayOutLine(models.Model):
    """One way out: open or not and why, until when, and what it costs in pesos."""

    _name = "immex.way.out.line"
    _description = "Way out of a layer"
    _order = "way_out_id, sequence"
    _rec_name = "way"
    _log_access = False

    way_out_id = fields.Many2one(
        "immex.way.out", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    sequence = fields.Integer(readonly=True)
    way = fields.Selection(
        [
            ("rt", "Return abroad (RT)"),
            ("v1", "Virtual transfer (V1)"),
            ("f4", "Change of regime (F4, F5)"),
            ("destruction", "Destruction"),
            ("a3", "Regularisation (A3)"),
            ("idle", "If nothing is done"),
        ],
        required=True,
        readonly=True,
    )
    state = fields.Selection(
        [
            ("open", "Open"),
            ("conditional", "On conditions"),
            ("late", "Late, with a fine"),
            ("closed", "Closed"),
            ("idle", "Found by the authority"),
        ],
        required=True,
        readonly=True,
    )
    reason = fields.Text("Why", compute="_compute_reason")
    verdict = fields.Char("In Short", compute="_compute_reason")
    legal_source = fields.Char(compute="_compute_legal_source")
    start_by = fields.Date(
        readonly=True, help="Last day on which it can still begin in time."
    )
    igi = KnownFloat("IGI", digits=MONEY, readonly=True)
    cc = KnownFloat("Countervailing Duty", digits=MONEY, readonly=True)
    dta = KnownFloat("DTA", digits=MONEY, readonly=True)
    iva = KnownFloat("VAT", digits=MONEY, readonly=True)
    surcharges = KnownFloat(digits=MONEY, readonly=True)
    fine_min = KnownFloat("Fine, Lowest", digits=MONEY, readonly=True)
    fine_max = KnownFloat("Fine, Highest", digits=MONEY, readonly=True)
    total_min = KnownFloat("Total, Lowest (MXN)", digits=MONEY, readonly=True)
    total_max = KnownFloat("Total, Highest (MXN)", digits=MONEY, readonly=True)

    @api.depends("way", "state", "way_out_id.missing", "way_out_id.rate_source")
    @api.depends_context("lang")
    def _compute_reason(self):
        for line in self:
            said = list(reasons(line))
            line.reason = "\n".join(said)
            line.verdict = said[0]

    @api.depends("way")
    def _compute_legal_source(self):
        for line in self:
            line.legal_source = LEGAL.get(line.way)
