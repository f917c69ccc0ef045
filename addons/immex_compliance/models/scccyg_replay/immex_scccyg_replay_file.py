# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.tools import SQL

from ..reconciliation.workbook import write_workbook

FETCH = 2_000
COLUMNS = (
    "account",
    "fraccion",
    "fixed_asset",
    "number",
    "payment_date",
    "source",
    "value",
    "discharged",
    "remaining",
    "tax",
    "tax_remaining",
    "term_end",
    "expired",
    "our_charged",
    "our_discharged",
    "our_balance",
    "our_term_end",
    "difference",
    "cause",
)


class ImmexScccygReplay(models.Model):
    """The charges of a replay as a workbook."""

    _inherit = "immex.scccyg.replay"

    def action_xlsx(self):
        """Button: the charges, theirs beside ours, as a workbook."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/immex/scccyg_replay/{self.id}/xlsx",
            "target": "self",
        }

    @api.private
    def _write_xlsx(self, stream):
        """Write the charges to a binary ``stream``, a batch at a time."""
        self.ensure_one()
        self.check_access("read")
        charges = self.env["immex.scccyg.replay.charge"]
        charges.check_access("read")
        self.env.flush_all()
        labels = charges.fields_get(COLUMNS)
        heads = [(labels[name]["string"], 18) for name in COLUMNS]
        write_workbook(
            stream,
            f"{self.company_id.name}: {self.display_name}",
            heads,
            self._workbook_rows(labels),
        )

    def _workbook_rows(self, labels):
        words = {
            name: dict(labels[name]["selection"])
            for name in COLUMNS
            if labels[name]["type"] == "selection"
        }
        yes = self.env._("Yes")
        columns = SQL(", ").join(map(SQL.identifier, COLUMNS))
        last = 0
        while True:
            rows = self.env.execute_query(
                SQL(
                    """
                    SELECT id, %s FROM immex_scccyg_replay_charge
                     WHERE replay_id = %s AND id > %s ORDER BY id LIMIT %s
                    """,
                    columns,
                    self.id,
                    last,
                    FETCH,
                )
            )
            for _id, *cells in rows:
                yield tuple(
                    words[name].get(cell, cell)
                    if name in words
                    else yes
                    if cell is True
                    else cell
                    for name, cell in zip(COLUMNS, cells, strict=True)
                )
            if len(rows) < FETCH:
                return
            last = rows[-1][0]
