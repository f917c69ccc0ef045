# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import psycopg2

from odoo.tests import tagged
from odoo.tools import mute_logger

from .engine_case import EngineCase


@tagged("post_install", "-at_install")
class TestInvariants(EngineCase):
    """The database guards the ledger whoever writes: every rule is broken by SQL."""

    def setUp(self):
        super().setUp()
        self.material = self._product("MAT", "material")
        self.paper = self._pedimento("IN", "1", "2026-10-01", [(self.material, 100)])
        self.later = self._pedimento("IN", "1", "2026-10-20", [(self.material, 100)])
        self._pedimento("RT", "2", "2026-10-08", [(self.material, 40)])
        self._run()
        self.env.cr.execute(
            "SELECT id FROM immex_discharge WHERE company_id = %s", (self.company.id,)
        )
        self.row = self.env.cr.fetchone()[0]

    def _refused(self, statement, params=(), why=""):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(psycopg2.Error, why),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(statement, params)

    COPY = """
        INSERT INTO immex_discharge (company_id, run_id, requirement_id, exit_line_id,
            layer_id, product_id, kind, exit_date, layer_from, quantity, chosen_by)
        SELECT company_id, %s, requirement_id, exit_line_id, %s, product_id, kind,
               exit_date, 40, %s, 'peps' FROM immex_discharge WHERE id = %s
    """

    def _running(self):
        self.env.cr.execute(
            """
            INSERT INTO immex_discharge_run (company_id, user_id, started_at, state)
            VALUES (%s, %s, now(), 'running') RETURNING id
            """,
            (self.company.id, self.env.uid),
        )
        return self.env.cr.fetchone()[0]

    def _add(self, pedimento, quantity, why, run=None):
        """Refused: one more row for the exit, of ``quantity`` from a layer."""
        row = (run or self._running(), self._layer(pedimento).id, quantity, self.row)
        self._refused(self.COPY, row, why)

    def test_rows_are_never_deleted(self):
        self._refused("DELETE FROM immex_discharge WHERE id = %s", (self.row,))
        self._refused("TRUNCATE immex_discharge CASCADE")
        self._refused("DELETE FROM immex_requirement")
        self._refused("DELETE FROM immex_layer")
        self.env.cr.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("layer", "exit_line", "requirement", "discharge_run"):
            self._refused(f"TRUNCATE immex_{table} CASCADE", (), "never deleted")

    def test_rows_are_never_changed(self):
        for column in ("quantity", "value_usd", "layer_from"):
            self._refused(
                f"UPDATE immex_discharge SET {column} = 1 WHERE id = %s", (self.row,)
            )
        self._refused(
            "UPDATE immex_discharge SET exit_date = '2026-01-01' WHERE id = %s",
            (self.row,),
        )

    def test_a_row_is_superseded_once(self):
        self.env.cr.execute(
            "UPDATE immex_discharge SET superseded_run_id = run_id WHERE id = %s",
            (self.row,),
        )
        layer = self._layer(self.paper)
        layer.invalidate_recordset()
        self.assertEqual(layer.qty_discharged, 0)
        self._refused(
            "UPDATE immex_discharge SET superseded_run_id = NULL WHERE id = %s",
            (self.row,),
        )

    def test_a_layer_never_gives_more_than_it_has(self):
        layer = self._layer(self.paper)
        self._add(self.paper, 61, "immex_layer_range")
        self._refused("UPDATE immex_layer SET quantity = 39 WHERE id = %s", (layer.id,))
        self._refused(
            "UPDATE immex_layer SET qty_discharged = 0 WHERE id = %s", (layer.id,)
        )

    def test_no_layer_serves_an_earlier_exit(self):
        self._add(self.later, 1, "before it was available")
        self._refused(
            "UPDATE immex_layer SET available_date = '2026-10-09' WHERE id = %s",
            (self._layer(self.paper).id,),
        )

    def test_requirement_is_discharged_plus_shortage(self):
        # the exit is served in full: one piece more breaks the balance
        self._add(self.paper, 1, "immex_requirement_balance")
        self._refused("UPDATE immex_requirement SET qty_shortage = 1")
        self._refused("UPDATE immex_requirement SET quantity = 1")

    def test_a_run_that_ended_writes_no_more(self):
        """Its sums were checked when it ended: the 40 that its requirement says would
        be there twice."""
        self.env.cr.execute(
            "SELECT run_id FROM immex_discharge WHERE id = %s", (self.row,)
        )
        ended = self.env.cr.fetchone()[0]
        self._add(self.paper, 40, "only a running run writes", ended)

    def test_a_run_that_never_ends_is_not_published(self):
        self.env.cr.execute("SET CONSTRAINTS immex_run_published IMMEDIATE")
        self.env.cr.execute("SET CONSTRAINTS immex_run_published DEFERRED")
        self._running()
        self._refused(
            "SET CONSTRAINTS immex_run_published IMMEDIATE", (), "when it has ended"
        )

    def test_a_requirement_says_what_its_discharges_are(self):
        copy = """
            INSERT INTO immex_requirement (company_id, run_id, exit_line_id,
                product_id, customs_status, kind, quantity, qty_discharged,
                qty_shortage, date, natural_key)
            SELECT r.company_id, %s, r.exit_line_id, r.product_id, r.customs_status,
                   r.kind, 5, 5, 0, r.date, 'another'
              FROM immex_requirement r
              JOIN immex_discharge d ON d.requirement_id = r.id WHERE d.id = %s
        """
        self.env.cr.execute(
            "SELECT run_id FROM immex_discharge WHERE id = %s", (self.row,)
        )
        done = self.env.cr.fetchone()[0]
        self._refused(copy, (done, self.row))
        running = self._running()
        self.env.cr.execute(copy, (running, self.row))
        for state in ("done", "failed"):
            self._refused(
                "UPDATE immex_discharge_run SET state = %s WHERE id = %s",
                (state, running),
            )
