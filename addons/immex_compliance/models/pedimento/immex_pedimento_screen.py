# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import SQL

from ..inventory.walk import window

# The last comparison with Data Stage over the day of payment, where Data Stage holds
# the pedimento or a difference tells that it does not.
COMPARED = """
SELECT p.id, r.id,
       CASE WHEN count(x.id) FILTER (WHERE x.state = 'open') > 0 THEN 'differs'
            WHEN count(x.id) > 0 THEN 'explained' ELSE 'agrees' END
  FROM immex_pedimento p
 CROSS JOIN LATERAL (
    SELECT r.id FROM immex_reconciliation r
     WHERE r.company_id = p.company_id AND r.state = 'done'
       AND p.payment_date BETWEEN r.date_from AND r.date_to
     ORDER BY r.run_at DESC, r.id DESC LIMIT 1) r
  LEFT JOIN immex_reconciliation_line x
    ON x.reconciliation_id = r.id AND x.pedimento_id = p.id
 WHERE p.id IN %(ids)s
   AND (x.id IS NOT NULL OR EXISTS (
       SELECT FROM immex_datastage_pedimento s
        WHERE s.pedimento_id = p.id AND NOT COALESCE(s.superseded, FALSE)))
 GROUP BY p.id, r.id
"""


class ImmexPedimento(models.Model):
    """What the screen of a pedimento shows beside its own boxes."""

    # a topic a file: the model itself is long enough
    _inherit = "immex.pedimento"  # pylint: disable=consider-merging-classes-inherited

    header_contribution_ids = fields.One2many(
        "immex.pedimento.contribution",
        "pedimento_id",
        "Contributions of the Pedimento",
        domain=[("partida_id", "=", False)],
        help="Rates and amounts at the level of the pedimento (records 509 and 510).",
    )
    version_ids = fields.Many2many(
        "immex.pedimento",
        string="Versions",
        compute="_compute_version_ids",
        help="The first pedimento and its rectifications.",
    )
    has_versions = fields.Boolean(compute="_compute_version_ids")
    reconciliation_state = fields.Selection(
        [
            ("none", "Not compared"),
            ("agrees", "Agrees"),
            ("explained", "Explained"),
            ("differs", "Differs"),
        ],
        "Data Stage",
        compute="_compute_reconciliation_state",
        help="By the last reconciliation with Data Stage over the day of its payment.",
    )

    @api.depends("root_id", "current_id")
    def _compute_version_ids(self):
        roots = self.mapped(lambda pedimento: pedimento.root_id or pedimento._origin)
        chains = {}
        later = self.search([("root_id", "in", roots.ids)], order="payment_date, id")
        for version in later:
            chains.setdefault(version.root_id, self.browse())
            chains[version.root_id] |= version
        for pedimento in self:
            root = pedimento.root_id or pedimento._origin
            rectifications = chains.get(root, self.browse())
            pedimento.version_ids = root | rectifications
            pedimento.has_versions = bool(rectifications)

    def _compared(self):
        """Rows (pedimento, reconciliation, state) of those that were compared."""
        if not self.ids:
            return []
        self.env.flush_all()
        return self.env.execute_query(SQL(COMPARED, ids=tuple(self.ids)))

    @api.depends("payment_date", "company_id")
    def _compute_reconciliation_state(self):
        states = {row[0]: row[2] for row in self._compared()}
        for pedimento in self:
            state = states.get(pedimento._origin.id)
            pedimento.reconciliation_state = state or "none"

    def action_view_reconciliation(self):
        """Button: the differences of this pedimento in the last reconciliation."""
        self.check_access("read")
        return window(
            self.env,
            self.env._("Differences"),
            "immex.reconciliation.line",
            [
                ("reconciliation_id", "in", [row[1] for row in self._compared()]),
                ("pedimento_id", "in", self.ids),
            ],
        )
