# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import Command, fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .engine_case import EngineCase


class RemesaCase(EngineCase):
    """A consolidated pedimento, opened by its number before it has partidas."""

    def setUp(self):
        super().setUp()
        self.material = self._product("MAT", "material")

    def _open(self, key="IN", operation_type="1", **values):
        pedimento = self._pedimento(
            key,
            operation_type,
            False,
            [],
            state="incomplete",
            consolidated=True,
            **values,
        )
        self.assertFalse(pedimento.consolidated_closed)
        return pedimento

    def _remesa(self, pedimento, date, lines, cross=True):
        remesa = self.env["immex.remesa"].create(
            {
                "pedimento_id": pedimento.id,
                "date": date,
                "line_ids": [
                    Command.create(
                        {"product_id": product.id, "quantity": quantity, **extra}
                    )
                    for product, quantity, extra in ((*line, {})[:3] for line in lines)
                ],
            }
        )
        if cross:
            remesa.action_cross()
        return remesa

    def _close(
        self, pedimento, lines, closing="2026-10-10", paid="2026-10-12", **values
    ):
        """The partidas arrive: (product, quantity, goods values) each."""
        for sequence, (product, quantity, extra) in enumerate(
            ((*line, {})[:3] for line in lines), 1
        ):
            figures = {
                "qty_umc": quantity,
                "qty_umt": quantity,
                "value_usd": quantity * 2,
                "customs_value": quantity * 36,
                **{k: v for k, v in extra.items() if k != "origin_country_id"},
            }
            partida = self.env["immex.pedimento.partida"].create(
                {
                    "pedimento_id": pedimento.id,
                    "company_id": self.company.id,
                    "sequence": sequence,
                    "fraccion": "85369099",
                    "description": product.name,
                    "umc_id": self.piece.id,
                    "umt_id": self.piece.id,
                    "detail_state": "done",
                    **figures,
                }
            )
            self.env["immex.pedimento.goods"].create(
                {
                    "partida_id": partida.id,
                    "pedimento_id": pedimento.id,
                    "company_id": self.company.id,
                    "product_id": product.id,
                    "quantity": quantity,
                    "factor": 1,
                    "origin_country_id": extra.get("origin_country_id"),
                    **figures,
                }
            )
        pedimento.write(
            {"closing_date": closing, "payment_date": paid, "state": "ready", **values}
        )
        self.assertTrue(pedimento.consolidated_closed)

    def _exit(self, date, quantity):
        out = self._pedimento("RT", "2", date, [(self.material, quantity)])
        self._transfer("outgoing", date, [(self.material, quantity)], out)
        return out

    def _layers(self, pedimento):
        """Layers in force: available, quantity, received, source, value, partida."""
        layers = self.env["immex.layer"].search(
            [("pedimento_id", "=", pedimento.id)], order="peps_date, peps_key"
        )
        return [
            (
                fields.Date.to_string(layer.available_date),
                layer.quantity,
                layer.qty_received,
                layer.source,
                layer.value_usd,
                layer.partida_id.sequence,
            )
            for layer in layers
        ]

    def _taken(self, exit_pedimento):
        return [
            (
                fields.Date.to_string(row.layer_id.available_date),
                row.quantity,
                row.value_usd,
            )
            for row in self.env["immex.discharge"].search(
                [
                    ("exit_line_id.pedimento_id", "=", exit_pedimento.id),
                    ("superseded_run_id", "=", False),
                ],
                order="id",
            )
        ]


@tagged("post_install", "-at_install")
class TestRemesa(RemesaCase):
    def test_provisional_then_partida(self):
        """Received and discharged while open; the same goods by the partida then."""
        pedimento = self._open()
        first = self._remesa(pedimento, "2026-10-05", [(self.material, 60)])
        second = self._remesa(pedimento, "2026-10-07", [(self.material, 40)])
        self.assertEqual((first | second).mapped("number"), [1, 2])
        self._transfer(
            "incoming", "2026-10-07", [(self.material, 40)], immex_remesa_id=second.id
        )
        receipt = self._transfer(
            "incoming", "2026-10-05", [(self.material, 60)], pedimento
        )
        self.assertEqual(second.picking_ids.immex_pedimento_id, pedimento)
        out = self._exit("2026-10-06", 50)
        self._run()
        self.assertEqual(
            self._layers(pedimento),
            [
                ("2026-10-05", 60, 60, "remesa", 0, 0),
                ("2026-10-07", 40, 40, "remesa", 0, 0),
            ],
        )
        self.assertEqual(self._taken(out), [("2026-10-05", 50, 0)])
        layer = self._layer(pedimento)[0]
        self.assertTrue(layer.term_start_presumed)
        self.assertEqual(fields.Date.to_string(layer.term_start), "2026-10-05")
        movement = self.env["immex.movement"].search([("picking_id", "=", receipt.id)])
        self.assertEqual((movement.state, movement.qty_linked), ("linked", 60))
        self.assertFalse(self._findings("receipt_over"))
        self.assertFalse(self._findings("layer_without_receipt"))

        layers = self._layer(pedimento)
        self._close(pedimento, [(self.material, 100)])
        self._run()
        self.assertEqual(
            self._layers(pedimento),
            [
                ("2026-10-05", 60, 60, "import", 120, 1),
                ("2026-10-07", 40, 40, "import", 80, 1),
            ],
        )
        # the very layers, now with the partida's values and the term of the closing
        self.assertEqual(self._layer(pedimento), layers)
        self.assertEqual(
            set(layers.mapped("term_start")), {fields.Date.to_date("2026-10-10")}
        )
        self.assertFalse(any(layers.mapped("term_start_presumed")))
        self.assertEqual(
            set(layers.mapped("peps_date")), {fields.Date.to_date("2026-10-05")}
        )
        self.assertEqual(self._taken(out), [("2026-10-05", 50, 100)])
        movement.invalidate_recordset()
        self.assertEqual((movement.state, movement.qty_linked), ("linked", 60))
        self.assertFalse(self.env["immex.remesa.link"].search([]))
        self.assertFalse(self._findings("remesa_difference"))
        # what was discharged on the provisional layer stays readable
        old = self.env["immex.discharge"].search(
            [
                ("exit_line_id.pedimento_id", "=", out.id),
                ("superseded_run_id", "!=", False),
            ]
        )
        self.assertEqual(old.mapped("value_usd"), [0])

    def test_exit_before_its_remesa_is_short(self):
        """A layer serves from the day of its remesa on, whenever it closes."""
        pedimento = self._open()
        self._remesa(pedimento, "2026-10-05", [(self.material, 60)])
        self._remesa(pedimento, "2026-10-07", [(self.material, 40)])
        out = self._exit("2026-10-06", 70)
        self._run()
        self.assertEqual(self._findings("shortage").quantity, 10)
        self._close(pedimento, [(self.material, 100)])
        self._run()
        self.assertEqual(self._taken(out), [("2026-10-05", 60, 120)])
        self.assertEqual(self._findings("shortage").quantity, 10)

    def test_closing_comes_late(self):
        """Paid without partidas it stays open; with them, also when paid later."""
        pedimento = self._open(entry_date="2026-10-04")
        self._remesa(pedimento, "2026-10-05", [(self.material, 60)])
        out = self._exit("2026-10-06", 50)
        pedimento.write({"closing_date": "2026-10-10", "payment_date": "2026-10-12"})
        self.assertFalse(pedimento.consolidated_closed)
        self._run()
        self.assertEqual(
            self._layers(pedimento), [("2026-10-05", 60, 0, "remesa", 0, 0)]
        )
        self.assertEqual(self._findings("layer_without_receipt").expected, 60)
        layer = self._layer(pedimento)
        self.assertEqual(fields.Date.to_string(layer.peps_date), "2026-10-04")
        self._close(pedimento, [(self.material, 60)], paid=False)
        self._run()
        self.assertEqual(
            self._layers(pedimento), [("2026-10-05", 60, 0, "import", 120, 1)]
        )
        self.assertEqual(self._taken(out), [("2026-10-05", 50, 100)])
        # a partida that lost its parts opens it again
        pedimento.partida_ids.detail_state = "unmapped"
        self._run()
        self.assertEqual(
            self._layers(pedimento), [("2026-10-05", 60, 0, "remesa", 0, 0)]
        )

    def test_pieces_sum_to_the_partida(self):
        """Values of the pieces are rounded at cumulative positions."""
        pedimento = self._open()
        for day in (5, 6, 7):
            self._remesa(pedimento, f"2026-10-0{day}", [(self.material, 1)])
        self._close(
            pedimento, [(self.material, 3, {"value_usd": 10, "customs_value": 100.01})]
        )
        self._run()
        layers = self._layer(pedimento).sorted("available_date")
        self.assertEqual(
            [(row.value_usd, row.customs_value) for row in layers],
            [(3.33, 33.34), (3.34, 33.33), (3.33, 33.34)],
        )

    def test_the_document_rules(self):
        """Less, and more, than the remesas carried: a finding by part."""
        other = self._product("OTR", "material")
        pedimento = self._open()
        self._remesa(pedimento, "2026-10-05", [(self.material, 60), (other, 5)])
        self._remesa(pedimento, "2026-10-07", [(self.material, 40), (other, 5)])
        self._close(pedimento, [(self.material, 90), (other, 12)])
        self._run()
        self.assertEqual(
            [(row[0], row[1]) for row in self._layers(pedimento)],
            [
                ("2026-10-05", 60),
                ("2026-10-05", 5),
                ("2026-10-07", 30),
                # what no remesa tells of comes with the last
                ("2026-10-07", 7),
            ],
        )
        found = self._findings("remesa_difference")
        self.assertEqual(
            {
                (finding.product_id, finding.quantity, finding.expected)
                for finding in found
            },
            {(self.material, 100, 90), (other, 10, 12)},
        )
        self.assertIn("100", found[0].message + found[1].message)
        # corrected on the remesa
        line = pedimento.remesa_ids.line_ids.filtered(
            lambda line: line.product_id == self.material and line.quantity == 40
        )
        line.quantity = 30
        self._run()
        self.assertEqual(self._findings("remesa_difference").product_id, other)

    def test_origins_meet(self):
        """One part of two origins, in partidas of their own."""
        us, cn = self.env.ref("base.us"), self.env.ref("base.cn")
        pedimento = self._open()
        self._remesa(
            pedimento,
            "2026-10-05",
            [
                (self.material, 10, {"origin_country_id": cn.id}),
                (self.material, 20, {"origin_country_id": us.id}),
            ],
        )
        self._remesa(
            pedimento,
            "2026-10-07",
            [(self.material, 30, {"origin_country_id": cn.id})],
        )
        self._close(
            pedimento,
            [
                (self.material, 20, {"origin_country_id": us.id}),
                (self.material, 40, {"origin_country_id": cn.id}),
            ],
        )
        self._run()
        self.assertEqual(
            [
                (layer.origin_country_id, layer.available_date.day, layer.quantity)
                for layer in self._layer(pedimento).sorted("peps_key")
            ],
            [(cn, 5, 10), (us, 5, 20), (cn, 7, 30)],
        )

    def test_one_remesa_two_partidas(self):
        """Without origins the partidas take the remesa in their order."""
        pedimento = self._open()
        remesa = self._remesa(pedimento, "2026-10-05", [(self.material, 60)])
        self._run()
        first = self._layer(pedimento)
        self._close(pedimento, [(self.material, 25), (self.material, 35)])
        self._run()
        self.assertEqual(
            [(row[1], row[5]) for row in self._layers(pedimento)], [(25, 1), (35, 2)]
        )
        self.assertIn(first, remesa.line_ids.layer_ids)
        self.assertEqual(len(remesa.line_ids.layer_ids), 2)

    def test_receiver_of_a_virtual_transfer(self):
        """The term of each remesa starts on the day of its transfer (rule 22)."""
        pedimento = self._open("V1")
        self._remesa(pedimento, "2026-10-05", [(self.material, 60)])
        self._remesa(pedimento, "2026-10-07", [(self.material, 40)])
        starts = [fields.Date.to_date(f"2026-10-0{day}") for day in (5, 7)]
        for _state in ("open", "closed"):
            self._run()
            layers = self._layer(pedimento).sorted("peps_key")
            self.assertEqual(layers.mapped("term_start"), starts)
            self.assertFalse(any(layers.mapped("term_start_presumed")))
            self.assertTrue(all(layers.mapped("term_end")))
            if not pedimento.consolidated_closed:
                self._close(pedimento, [(self.material, 100)])

    def test_cancelled_remesa(self):
        """Cancelled or in draft it counts for nothing, and what it gave is taken
        elsewhere."""
        pedimento = self._open()
        first = self._remesa(pedimento, "2026-10-05", [(self.material, 60)])
        self._remesa(pedimento, "2026-10-07", [(self.material, 40)])
        self._remesa(pedimento, "2026-10-05", [(self.material, 99)], cross=False)
        out = self._exit("2026-10-08", 50)
        self._run()
        self.assertEqual(self._taken(out), [("2026-10-05", 50, 0)])
        first.action_cancel()
        self._run()
        self.assertEqual(self._taken(out), [("2026-10-07", 40, 0)])
        self.assertEqual(self._findings("shortage").quantity, 10)
        first.action_draft()
        first.line_ids.unlink()
        first.unlink()
        self._run()
        self.assertEqual(self._taken(out), [("2026-10-07", 40, 0)])

    def test_payment_date_setting(self):
        self.company.immex_peps_date = "payment"
        pedimento = self._open()
        self._remesa(pedimento, "2026-10-05", [(self.material, 60)])
        self._close(pedimento, [(self.material, 60)])
        self._run()
        layer = self._layer(pedimento)
        self.assertEqual(fields.Date.to_string(layer.peps_date), "2026-10-12")
        self.assertEqual(fields.Date.to_string(layer.available_date), "2026-10-05")

    def test_rules_of_a_remesa(self):
        pedimento = self._open()
        remesa = self._remesa(pedimento, False, [(self.material, 1)], cross=False)
        with self.assertRaisesRegex(UserError, "date"):
            remesa.action_cross()
        empty = self._remesa(pedimento, "2026-10-05", [], cross=False)
        with self.assertRaisesRegex(UserError, "no parts"):
            empty.action_cross()
        remesa.date = "2026-10-05"
        remesa.action_cross()
        with self.assertRaisesRegex(UserError, "Cancel"):
            remesa.unlink()
        change = self._open("F4")
        with self.assertRaisesRegex(ValidationError, "no remesas"):
            self._remesa(change, "2026-10-05", [(self.material, 1)])
        consolidated = self.env["immex.pedimento"].search(
            [("consolidated_closed", "=", False), ("company_id", "=", self.company.id)]
        )
        self.assertIn(pedimento, consolidated)
