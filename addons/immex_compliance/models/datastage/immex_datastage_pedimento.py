# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

from ...formats.number import display

MONEY = (18, 2)


class ImmexDatastagePedimento(models.Model):
    """A pedimento as the government's own data tell it (tables 501 and 701).

    Kept apart from the company's books, which the reconciliation compares with it.
    Written by SQL when a Data Stage file is loaded; a later file of the same pedimento
    replaces it. Nobody edits it.
    """

    _name = "immex.datastage.pedimento"
    _description = "Pedimento in Data Stage"
    _order = "payment_date desc, number15 desc"
    _rec_name = "number15"
    _log_access = False
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    file_id = fields.Many2one(
        "immex.pedimento.file",
        "Data Stage File",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    year = fields.Integer(required=True, readonly=True)
    office = fields.Char("Customs Office", size=2, required=True, readonly=True)
    office_section = fields.Char(size=3, required=True, readonly=True)
    patente = fields.Char("Patent", size=4, required=True, readonly=True)
    document = fields.Char("Document Number", size=7, required=True, readonly=True)
    number15 = fields.Char("Number (15 digits)", size=15, readonly=True, index=True)
    number = fields.Char("Pedimento", compute="_compute_number")
    operation_type = fields.Selection([("1", "Import"), ("2", "Export")], readonly=True)
    key_code = fields.Char("Key", size=3, readonly=True)
    entry_section = fields.Char("Office of Entry", readonly=True)
    rfc = fields.Char("RFC", readonly=True)
    curp = fields.Char("CURP", readonly=True)
    agent_curp = fields.Char("Agent's CURP", readonly=True)
    trader_name = fields.Char("Importer or Exporter", readonly=True)
    exchange_rate = fields.Float(digits=(14, 5), readonly=True)
    freight = fields.Float(digits=MONEY, readonly=True)
    insurance = fields.Float(digits=MONEY, readonly=True)
    packing = fields.Float(digits=MONEY, readonly=True)
    other_increments = fields.Float(digits=MONEY, readonly=True)
    deductions = fields.Float(digits=MONEY, readonly=True)
    gross_weight = fields.Float(digits=(17, 3), readonly=True)
    transport_exit = fields.Char(readonly=True)
    transport_arrival = fields.Char(readonly=True)
    transport_crossing = fields.Char(readonly=True)
    destination_zone = fields.Char(readonly=True)
    kind = fields.Selection(
        [("1", "Normal"), ("2", "Rectification")], "Type", readonly=True
    )
    received_at = fields.Datetime(
        "Received by Customs", readonly=True, help="Time of the customs office."
    )
    paid_at = fields.Datetime(readonly=True, help="Time of the customs office.")
    payment_date = fields.Date(readonly=True, index=True)
    entry_date = fields.Date(readonly=True, help="506, type 1.")
    previous_patente = fields.Char(readonly=True)
    previous_document = fields.Char("Rectifies", readonly=True, help="701.")
    previous_section = fields.Char(readonly=True)
    previous_key = fields.Char(readonly=True)
    previous_date = fields.Date(readonly=True)
    original_patente = fields.Char(readonly=True)
    original_document = fields.Char("Original", readonly=True, help="701.")
    original_section = fields.Char(readonly=True)
    superseded = fields.Boolean(
        "Rectified", readonly=True, help="A later rectification here names it."
    )
    tables = fields.Json(
        readonly=True,
        help="Tables that were told of it, where earlier files told more than the last "
        "one, with their rows; empty: those of its file.",
    )
    pedimento_id = fields.Many2one(
        "immex.pedimento",
        "Recorded",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The same pedimento in the company's books. Empty: it is not there.",
    )
    partida_ids = fields.One2many("immex.datastage.partida", "datastage_id")
    contribution_ids = fields.One2many("immex.datastage.contribution", "datastage_id")
    identifier_ids = fields.One2many("immex.datastage.identifier", "datastage_id")
    invoice_ids = fields.One2many("immex.datastage.invoice", "datastage_id")
    date_ids = fields.One2many("immex.datastage.date", "datastage_id")
    reference_ids = fields.One2many("immex.datastage.reference", "datastage_id")
    record_ids = fields.One2many("immex.datastage.record", "datastage_id")

    _identity = models.Constraint(
        "UNIQUE (company_id, year, office, patente, document)",
        "A pedimento occurs once in the government's data of a company.",
    )

    @api.depends("number15")
    def _compute_number(self):
        for record in self:
            record.number = display(record.number15) if record.number15 else False

    @api.depends("number15")
    def _compute_display_name(self):
        for record in self:
            record.display_name = record.number
