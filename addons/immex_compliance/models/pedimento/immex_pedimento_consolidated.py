# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import SQL

from ...engine.remesa import CLOSED


class ImmexPedimento(models.Model):
    """Consolidated pedimentos: opened by their number, closed by their partidas."""

    _inherit = "immex.pedimento"

    consolidated = fields.Boolean(
        help="Goods cross in remesas before the pedimento closes (Customs Law, art. "
        "37 and 37-A). Recorded by its number when it is opened.",
    )
    consolidated_closed = fields.Boolean(
        "Closed",
        compute="_compute_consolidated_closed",
        search="_search_consolidated_closed",
        help="The date of closing or payment is known and every partida has its parts: "
        "from then on the partidas count, and not the remesas.",
    )
    remesa_ids = fields.One2many("immex.remesa", "pedimento_id")
    remesa_count = fields.Integer(compute="_compute_remesa_count")

    @api.depends("remesa_ids")
    def _compute_remesa_count(self):
        counts = dict(
            self.env["immex.remesa"]._read_group(
                [("pedimento_id", "in", self.ids)], ["pedimento_id"], ["__count"]
            )
        )
        for pedimento in self:
            pedimento.remesa_count = counts.get(pedimento._origin, 0)

    @api.depends(
        "closing_date",
        "payment_date",
        "root_id.closing_date",
        "root_id.payment_date",
        "current_id",
        "partida_ids.detail_state",
        "current_id.partida_ids.detail_state",
    )
    def _compute_consolidated_closed(self):
        closed = set()
        if self.ids:
            self.env.flush_all()
            closed = {
                row[0]
                for row in self.env.execute_query(
                    SQL(
                        "SELECT x.id FROM immex_pedimento x"
                        " JOIN immex_pedimento o ON o.id = COALESCE(x.root_id, x.id)"
                        " JOIN immex_pedimento p ON p.id = COALESCE(o.current_id, o.id)"
                        " WHERE x.id = ANY(%s) AND %s",
                        self.ids,
                        SQL(CLOSED),
                    )
                )
            }
        for pedimento in self:
            pedimento.consolidated_closed = pedimento._origin.id in closed

    def _search_consolidated_closed(self, operator, value):
        if operator != "in":
            return NotImplemented
        closed = SQL(CLOSED) if set(value) == {True} else SQL("NOT (%s)", SQL(CLOSED))
        return [
            (
                "id",
                "in",
                SQL(
                    "(SELECT x.id FROM immex_pedimento x"
                    " JOIN immex_pedimento o ON o.id = COALESCE(x.root_id, x.id)"
                    " JOIN immex_pedimento p ON p.id = COALESCE(o.current_id, o.id)"
                    " WHERE %s)",
                    closed,
                ),
            )
        ]

    @api.private
    def _open_consolidated(self):
        """A pedimento with remesas is a consolidated one."""
        self.filtered(lambda pedimento: not pedimento.consolidated).consolidated = True
        # one without partidas was not looked at yet
        self.filtered(
            lambda pedimento: not pedimento.operation_rule_id
        )._match_operation_rules()

    def action_view_remesas(self):
        """The remesas of this pedimento."""
        self.ensure_one()
        action = self._window("action_immex_remesa", [("pedimento_id", "=", self.id)])
        action["context"] = {"default_pedimento_id": self.id}
        return action
