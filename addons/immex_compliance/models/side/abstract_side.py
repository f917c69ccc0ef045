# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import SQL

from ..inventory.walk import window

BOOKS = {
    "pedimento": "immex.pedimento",
    "layer": "immex.layer",
    "exit": "immex.exit.line",
}


class AbstractSide(models.AbstractModel):
    """The customs side of a record of Odoo: its pedimentos, layers and exits.

    Nothing is stored and nothing of the host is overridden: one statement counts for a
    whole batch when a form asks, and none where no company of the user is under IMMEX.
    Models that inherit it name their statement (:meth:`_immex_side`).
    """

    _name = "immex.abstract.side"
    _description = "Customs side of a record"

    immex_pedimento_count = fields.Integer(
        "Pedimentos",
        compute="_compute_immex_side",
        groups="immex_compliance.group_user",
    )
    immex_layer_count = fields.Integer(
        "Layers", compute="_compute_immex_side", groups="immex_compliance.group_user"
    )
    immex_exit_count = fields.Integer(
        "Exits", compute="_compute_immex_side", groups="immex_compliance.group_user"
    )

    def _immex_side(self):
        """SQL of the rows (host_id, kind, id): see ``side_sql``."""
        raise NotImplementedError

    def _immex_side_sql(self, statement, **parts):
        """``statement`` over these records; None where there is nothing to ask.

        ``parts`` are statements that ``statement`` takes in.
        """
        companies = [
            company.id for company in self.env.companies if company.sudo().immex_in_use
        ]
        ids = [record.id for record in self._origin if record.id]
        if not companies or not ids:
            return None
        self.env.flush_all()
        values = {"ids": tuple(ids), "companies": tuple(companies)}
        return SQL(
            statement,
            **values,
            **{name: SQL(part, **values) for name, part in parts.items()},
        )

    @api.depends_context("allowed_company_ids")
    def _compute_immex_side(self):
        rows = self._immex_side()
        counts = {}
        if rows is not None:
            counted = SQL(
                "SELECT host_id, kind, count(*) FROM (%s) AS side GROUP BY 1, 2", rows
            )
            counts = {
                (host, kind): count
                for host, kind, count in self.env.execute_query(counted)
            }
        for record in self:
            for kind in BOOKS:
                record[f"immex_{kind}_count"] = counts.get((record._origin.id, kind), 0)

    def _immex_side_domain(self, kind):
        """Domain on the books of ``kind`` of these records."""
        rows = self._immex_side()
        if rows is None:
            return [("id", "=", False)]
        chosen = SQL("SELECT id FROM (%s) AS side WHERE kind = %s", rows, kind)
        return [("id", "in", [row[0] for row in self.env.execute_query(chosen)])]

    def _immex_side_window(self, name, kind):
        self.check_access("read")
        action = window(self.env, name, BOOKS[kind], self._immex_side_domain(kind))
        return action | {"context": {"active_test": False, "create": False}}

    def action_immex_pedimentos(self):
        """Button: the pedimentos of these records."""
        return self._immex_side_window(self.env._("Pedimentos"), "pedimento")

    def action_immex_layers(self):
        """Button: the layers that they made or took from."""
        return self._immex_side_window(self.env._("Layers"), "layer")

    def action_immex_exits(self):
        """Button: the exits under which they left."""
        return self._immex_side_window(self.env._("Exits"), "exit")

    def _immex_origin_domain(self):
        ((_field, operator, ids),) = self._immex_side_domain("exit")
        return [("exit_line_id", operator, ids)]

    def action_immex_origin(self):
        """Button: what these exits were made of, by country of origin."""
        self.check_access("read")
        # the statement asks no rights, and its ids are in the domain
        self.env["immex.exit.origin"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "immex_compliance.action_immex_exit_origin"
        )
        return action | {
            "domain": self._immex_origin_domain(),
            "context": {"group_by": ["origin_country_id"]},
        }
