# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.tests import tagged

from .engine_case import EngineCase


@tagged("post_install", "-at_install")
class TestRectification(EngineCase):
    """R1: the dates of the first version, quantities and values of the last."""

    def setUp(self):
        super().setUp()
        self.material = self._product("MAT", "material")
        self.first = self._pedimento("IN", "1", "2026-10-01", [(self.material, 60)])
        self.receipt = self._transfer(
            "incoming", "2026-10-01", [(self.material, 60)], self.first
        )
        self.second = self._pedimento("IN", "1", "2026-10-02", [(self.material, 60)])
        self._transfer("incoming", "2026-10-02", [(self.material, 60)], self.second)
        self.out = self._pedimento("RT", "2", "2026-10-08", [(self.material, 50)])
        self._transfer("outgoing", "2026-10-08", [(self.material, 50)], self.out)
        self._run()

    def _rectify(self, pedimento, date, quantity, key="IN", **values):
        """A rectification of ``pedimento`` with one partida of the material."""
        rectification = self._pedimento(
            "R1",
            pedimento.operation_type,
            date,
            [(self.material, quantity)],
            operation_rule_id=False,
            **values,
        )
        self.env["immex.pedimento.reference"].create(
            {
                "pedimento_id": rectification.id,
                "company_id": self.company.id,
                "kind": "rectified",
                "patente": pedimento.patente,
                "document": pedimento.document,
                "office_section": pedimento.office_section,
                "key_code": key,
                "date": pedimento.payment_date,
            }
        )
        rectification._link_arrival()
        rectification._recompute_detail()
        return rectification

    def _taken(self, exit_pedimento):
        return [(row[3], float(row[2])) for row in self._ledger(exit_pedimento)]

    def test_the_date_stays_and_the_quantity_changes(self):
        now = self._rectify(self.first, "2026-11-15", 40)
        self.assertEqual(self.first.current_id, now)
        self.assertEqual((now.root_id, now.rectifies_id), (self.first, self.first))
        self.assertEqual(now.operation_rule_id, self.first.operation_rule_id)
        self._run()
        layer = self._layer(now)
        self.assertEqual(layer.quantity, 40)
        self.assertEqual(layer.peps_date.isoformat(), "2026-10-01")
        self.assertEqual(layer.term_start.isoformat(), "2026-10-01")
        self.assertFalse(self._layer(self.first).active)
        # 40 of the oldest, and what is over it from the next one
        self.assertEqual(
            self._taken(self.out), [(now.document, 40), (self.second.document, 10)]
        )
        finding = self._findings("rectified_difference")
        self.assertEqual((finding.quantity, finding.expected), (40, 60))

    def test_the_receipt_goes_with_the_last_version(self):
        now = self._rectify(self.first, "2026-11-15", 60)
        self._run()
        layer = self._layer(now)
        self.assertEqual(layer.qty_received, 60)
        self.assertFalse(self._findings("layer_without_receipt"))
        self.assertFalse(self._findings("rectified_difference"))

    def test_a_chain_counts_its_last(self):
        middle = self._rectify(self.first, "2026-11-15", 40)
        # names the first version, as brokers also do
        last = self._rectify(self.first, "2026-11-20", 55)
        self.assertEqual(last.rectifies_id, middle)
        self.assertEqual((self.first | middle).current_id, last)
        self._run()
        self.assertEqual(self._taken(self.out), [(last.document, 50)])
        last.state = "cancelled"
        self.assertEqual(self.first.current_id, middle)
        self._run()
        self.assertEqual(
            self._taken(self.out), [(middle.document, 40), (self.second.document, 10)]
        )

    def test_the_rectification_comes_first(self):
        rectification = self._pedimento(
            "R1", "1", "2026-11-15", [(self.material, 6)], operation_rule_id=False
        )
        self.env["immex.pedimento.reference"].create(
            {
                "pedimento_id": rectification.id,
                "company_id": self.company.id,
                "kind": "rectified",
                "patente": "3456",
                "document": "6777777",
                "office_section": "240",
                "key_code": "IN",
                "date": "2026-10-03",
            }
        )
        rectification._link_arrival()
        rectification._recompute_detail()
        self._run()
        self.assertEqual(self._layer(rectification).peps_date.isoformat(), "2026-11-15")
        late = self._pedimento(
            "IN", "1", "2026-10-03", [(self.material, 7)], document="6777777"
        )
        late._link_arrival()
        late._recompute_detail()
        self.assertEqual(late.current_id, rectification)
        self._run()
        layer = self._layer(rectification)
        self.assertEqual(
            (layer.quantity, layer.peps_date.isoformat()), (6, "2026-10-03")
        )

    def test_an_exit_keeps_its_date(self):
        now = self._rectify(self.out, "2026-11-15", 55, key="RT")
        self._run()
        line = self.env["immex.exit.line"].search([("pedimento_id", "=", now.id)])
        self.assertEqual(line.document_date.isoformat(), "2026-10-08")
        self.assertEqual(line.date.isoformat(), "2026-10-08")
        self.assertEqual(self._taken(now), [(self.first.document, 55)])
        self.assertFalse(self._ledger(self.out))
        self.assertEqual(self._findings("delivery_difference").quantity, 50)

    def test_an_export_becomes_a_return(self):
        """RGCE 4.3.10-I: a definitive export rectified to RT is an exit at its date."""
        export = self._pedimento("A1", "2", "2026-10-09", [(self.material, 10)])
        self._transfer("outgoing", "2026-10-09", [(self.material, 10)], export)
        self._run()
        self.assertFalse(self._taken(export))
        now = self._rectify(export, "2026-11-15", 10, key="RT")
        self._run()
        self.assertEqual(
            self._taken(now), [(self.first.document, 10)], "from the original date"
        )

    def test_unchanged_partidas_keep_their_parts(self):
        rectification = self._rectify(self.first, "2026-11-15", 60)
        rectification.goods_ids.with_context(immex_skip_detail=True).unlink()
        rectification._recompute_detail()
        goods = rectification.goods_ids
        self.assertEqual(goods.source, "rectified")
        self.assertEqual((goods.product_id, goods.quantity), (self.material, 60))
        self.assertEqual(rectification.state, "ready")
