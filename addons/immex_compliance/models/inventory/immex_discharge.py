# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import SQL

from ...engine import changes, invariants
from .immex_requirement import REQUIREMENT_KINDS
from .walk import part, spaced, title


class ImmexDischarge(models.Model):
    """Ledger row (descargo): one exit line took ``quantity`` from one layer.

    Append-only: triggers refuse deletion and every update but the one that marks a
    row superseded. Quantities in UMC and UMT and values follow the layer's own
    partida, rounded at cumulative positions, so that the last discharge takes the
    remainder.
    """

    _name = "immex.discharge"
    _inherit = "immex.abstract.grouped"
    _description = "Discharge (descargo)"
    _order = "exit_date desc, id desc"
    _log_access = False  # written by runs alone, which tell who and when
    _rec_names_search = ["exit_line_id", "layer_id"]
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True)
    run_id = fields.Many2one(
        "immex.discharge.run", required=True, ondelete="restrict", index=True
    )
    requirement_id = fields.Many2one(
        "immex.requirement", required=True, ondelete="restrict", index=True
    )
    exit_line_id = fields.Many2one(
        "immex.exit.line", required=True, ondelete="restrict", index=True
    )
    layer_id = fields.Many2one(
        "immex.layer", required=True, ondelete="restrict", index=True
    )
    product_id = fields.Many2one(
        "product.product", "Material", required=True, index=True
    )
    kind = fields.Selection(REQUIREMENT_KINDS, required=True)
    exit_date = fields.Date(required=True, index=True)
    layer_from = fields.Float(
        digits=(18, 6),
        required=True,
        help="Position of the first unit on the layer, which fixes the rounding of "
        "values.",
    )
    quantity = fields.Float(digits=(18, 6), required=True)
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    qty_umc = fields.Float("Quantity UMC", digits=(18, 3))
    qty_umt = fields.Float("Quantity UMT", digits=(23, 5))
    value_usd = fields.Float("Value (USD)", digits=(18, 2))
    customs_value = fields.Float("Customs Value (MXN)", digits=(18, 2))
    late = fields.Boolean(help="The layer's term had ended when the goods left.")
    after_consumption = fields.Boolean(
        help="The layer was not there yet when the order drew the material."
    )
    chosen_by = fields.Selection(
        [
            ("peps", "PEPS"),
            ("named", "Named by the document"),
            ("serial", "Serial number"),
            ("held", "Reserved for the document"),
            ("equivalent", "Equivalent part"),
        ],
        required=True,
        default="peps",
        help="Why this layer: the oldest that may serve, or one that the exit's "
        "document chose.",
    )
    superseded_run_id = fields.Many2one(
        "immex.discharge.run", ondelete="restrict", index="btree_not_null"
    )
    superseded_user_id = fields.Many2one(
        related="superseded_run_id.user_id", string="Superseded By"
    )
    superseded_reason = fields.Char(
        related="superseded_run_id.why", string="Superseded Because"
    )
    superseded_at = fields.Datetime(
        related="superseded_run_id.started_at", string="Superseded At"
    )
    # the walk from a discharge to its documents
    pedimento_id = fields.Many2one(
        related="layer_id.pedimento_id", string="Import Pedimento"
    )
    exit_pedimento_id = fields.Many2one(
        related="exit_line_id.pedimento_id", string="Exit Pedimento"
    )
    pedimento_numbers = fields.Char(
        "Pedimentos",
        compute="_compute_pedimento_numbers",
        search="_search_pedimento_numbers",
        help="Of the import and of the exit.",
    )
    exit_product_id = fields.Many2one(
        related="exit_line_id.product_id", string="What Left"
    )
    partida_id = fields.Many2one(related="layer_id.partida_id", string="Import Partida")
    file_id = fields.Many2one(
        related="layer_id.pedimento_id.file_id", string="Source File"
    )
    picking_ids = fields.Many2many(
        "stock.picking",
        string="Deliveries",
        compute="_compute_picking_ids",
        compute_sudo=True,
    )
    production_id = fields.Many2one(
        related="requirement_id.production_layer_id.production_id", string="Order"
    )

    _positive = models.Constraint(
        "CHECK (quantity > 0 AND layer_from >= 0)",
        "A discharge needs a quantity greater than zero.",
    )
    _active = models.Index("(company_id, layer_id) WHERE superseded_run_id IS NULL")
    # from a date of a part on: what a run computes again
    _tail = models.Index(
        "(company_id, product_id, exit_date) WHERE superseded_run_id IS NULL"
    )
    _flagged = models.Index(
        "(company_id) WHERE superseded_run_id IS NULL AND (late OR after_consumption)"
    )

    @api.depends("pedimento_id", "exit_pedimento_id")
    def _compute_pedimento_numbers(self):
        for discharge in self:
            numbers = discharge.pedimento_id | discharge.exit_pedimento_id
            discharge.pedimento_numbers = " · ".join(numbers.mapped("display_name"))

    def _search_pedimento_numbers(self, operator, value):
        """Either number; as two conditions joined by OR every row would be read."""
        if operator != "ilike":
            return NotImplemented
        found = self.env["immex.pedimento"]._search([("display_name", operator, value)])
        rows = SQL(
            """(SELECT d.id FROM immex_discharge d
                  JOIN immex_layer l ON l.id = d.layer_id
                 WHERE l.pedimento_id IN %(found)s
             UNION ALL
                SELECT d.id FROM immex_discharge d
                  JOIN immex_exit_line e ON e.id = d.exit_line_id
                 WHERE e.pedimento_id IN %(found)s)""",
            found=found.subselect(),
        )
        return [("id", "in", rows)]

    @api.depends("exit_line_id", "product_id", "layer_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for discharge in self.sudo():
            layer = discharge.layer_id
            origin = spaced(layer.pedimento_id.number) or layer.display_name
            document = discharge.exit_line_id._document_title()
            discharge.display_name = title(
                f"{origin} → {document}", part(discharge.product_id)
            )

    @api.depends("exit_line_id")
    def _compute_picking_ids(self):
        for discharge in self:
            line = discharge.exit_line_id
            discharge.picking_ids = (
                line.goods_id.link_ids.movement_id.picking_id
                | line.movement_id.picking_id
                | line.destruction_line_id.destruction_id.picking_id
            )

    def _init_column(self, column_name):
        """Fill a column that an update adds: the ledger's guard refuses every other
        change of its rows, also the default that Odoo gives to those that stand.
        """
        table = SQL.identifier(self._table)
        self.env.cr.execute(SQL("ALTER TABLE %s DISABLE TRIGGER USER", table))
        result = super()._init_column(column_name)
        self.env.cr.execute(SQL("ALTER TABLE %s ENABLE TRIGGER USER", table))
        return result

    def init(self):
        # of every table of the ledger, whatever order the models are made in
        self.pool.post_init(invariants.install, self.env.cr)
        self.pool.post_init(changes.install, self.env.cr)
