# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import io
from datetime import date

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..models.pedimento.file_issues import FileRefused
from .common import m3_file, m3_partida
from .import_case import ImportCase

PAID = (
    "3 2434566000001ADN150203AB1 070000123456SIGNATURE1{day}14:05:09\r\n"
    "4 2434566000002\r\n"
)


@tagged("post_install", "-at_install")
class TestAnswers(ImportCase):
    """Answers of validator and bank come onto their pedimentos."""

    def _answer(self, text, name="m3456001.err"):
        files = self.env["immex.pedimento.file"]
        stream = io.BytesIO(text.encode("cp1252"))
        return files._load_file("answer", self.company, stream, name)

    def _two(self):
        self._load(
            m3_file(([m3_partida()], {}), ([m3_partida()], {"document": "6000002"}))
        )
        pedimentos = self.env["immex.pedimento"].search(
            [("company_id", "=", self.company.id)], order="document"
        )
        self.assertEqual(len(pedimentos), 2)
        return pedimentos

    def test_validation(self):
        first, second = self._two()
        self._answer(
            "F6000001XBJZF1E6\r\nL600000112AB34CD56EF78GH90IJ\r\n"
            "E6000002551110130409\r\n"
        )
        self.assertEqual(first.validation_state, "accepted")
        self.assertEqual(first.acknowledgement, "XBJZF1E6")
        self.assertEqual(first.capture_line, "12AB34CD56EF78GH90IJ")
        self.assertEqual(second.validation_state, "rejected")
        self.assertIn("field 11 (cantidad_umc)", second.answer_ids.meaning)
        self._answer("F6000002ABCDEFG1\r\n", "m3456002.err")
        self.assertEqual(second.validation_state, "accepted")
        self.assertEqual(len(second.answer_ids), 2)

    def test_the_same_error_again(self):
        """Rejected, accepted, and rejected once more for the same reason."""
        _first, second = self._two()
        error, accepted = "E6000002551110130409\r\n", "F6000002ABCDEFG1\r\n"
        self._answer(error)
        self._answer(accepted, "m3456002.err")
        self.assertEqual(second.validation_state, "accepted")
        # the first file once more, and one that repeats all that was said
        self.assertTrue(self._answer(error).recognised)
        self.assertTrue(self._answer(error + accepted, "m3456009.err").recognised)
        self.assertEqual(second.validation_state, "accepted")
        result = self._answer(error, "m3456003.err")
        self.assertFalse(result.recognised)
        self.assertEqual(second.validation_state, "rejected")
        self.assertEqual(len(second.answer_ids), 3)
        # payment is not asked for what the validator said, nor the other way round
        self._answer(PAID.format(day="02102026"), "a3456001.275")
        self.assertTrue(self._answer(error, "m3456004.err").recognised)

    def test_error_of_a_whole_record_and_other_digits_of_the_key(self):
        _first, second = self._two()
        self._answer("E6000002501000130409\r\n")
        answer = second.answer_ids
        self.assertNotIn("field", answer.meaning)
        self.env["ir.config_parameter"].set_param(
            "immex_compliance.error_key_sizes", "3,2"
        )
        answer.invalidate_recordset()
        self.assertIn("kind 13, number 0409", answer.meaning)

    def test_payment(self):
        first, second = self._two()
        file = self._answer(PAID.format(day="02102026"), "a3456001.275").file
        self.assertFalse(file.issue_ids)
        self.assertEqual((first.bank_state, second.bank_state), ("paid", "unpaid"))
        self.assertEqual(first.bank_operation, "0000123456")
        self.assertEqual(
            (first.bank_date, first.bank_hour), (date(2026, 10, 2), "14:05:09")
        )

    def test_payment_of_another_day_is_told(self):
        self._two()
        file = self._answer(PAID.format(day="03102026"), "a3456001.275").file
        self.assertEqual(file.issue_ids.mapped("code"), ["answer_differs"])
        self.assertEqual(file.issue_ids.line, 1)

    def test_other_acknowledgement_is_told_and_the_first_stays(self):
        first, _second = self._two()
        self._answer("F6000001XBJZF1E6\r\n")
        file = self._answer("F6000001ZZZZZZZZ\r\n").file
        self.assertEqual(file.issue_ids.code, "answer_differs")
        self.assertEqual(first.acknowledgement, "XBJZF1E6")

    def test_waits_for_its_pedimento(self):
        file = self._answer("F6000001XBJZF1E6\r\n").file
        self.assertEqual(file.issue_ids.code, "no_pedimento")
        answer = self.env["immex.pedimento.answer"].search([("file_id", "=", file.id)])
        self.assertFalse(answer.pedimento_id)
        first, _second = self._two()
        self.assertEqual(answer.pedimento_id, first)
        self.assertEqual(first.acknowledgement, "XBJZF1E6")
        self.assertEqual(first.validation_state, "accepted")

    def test_same_answers_once(self):
        first, _second = self._two()
        one = self._answer("F6000001XBJZF1E6\r\n")
        same = self._answer("F6000001XBJZF1E6\r\n")
        # other bytes, nothing new in them
        more = self._answer("F6000001XBJZF1E6\n")
        for result in (same, more):
            self.assertTrue(result.recognised)
            self.assertEqual(result.file, one.file)
        self.assertEqual(len(first.answer_ids), 1)

    def test_number_of_two_patents_is_not_guessed(self):
        first, _second = self._two()
        self._pedimento(document="6000001", patente="9999")
        file = self._answer("F6000001XBJZF1E6\r\n", "answer.txt").file
        self.assertEqual(file.issue_ids.code, "no_pedimento")
        self.assertFalse(first.answer_ids)

    def test_wrong_line_refuses_the_file(self):
        first, _second = self._two()
        answers = self.env["immex.pedimento.answer"].search_count([])
        with self.assertRaises(FileRefused) as caught:
            self._answer("F6000001XBJZF1E6\r\nwhat is this\r\n")
        self.assertEqual([i.line for i in caught.exception.issues], [2])
        self.assertEqual(self.env["immex.pedimento.answer"].search_count([]), answers)
        self.assertFalse(first.validation_state)

    def test_of_its_company_alone(self):
        self._two()
        answer = self._answer("F6000001XBJZF1E6\r\n").file
        answer = self.env["immex.pedimento.answer"].search(
            [("file_id", "=", answer.id)]
        )
        other = self.env["res.company"].create({"name": "Elsewhere"})
        for company, seen in ((self.company, answer), (other, answer.browse())):
            user = new_test_user(
                self.env,
                f"answers_{company.id}",
                groups="immex_compliance.group_user",
                company_id=company.id,
                company_ids=[(6, 0, company.ids)],
            )
            model = self.env["immex.pedimento.answer"].with_user(user)
            model = model.with_context(allowed_company_ids=company.ids)
            self.assertEqual(model.search([("id", "=", answer.id)]).ids, seen.ids)
        with self.assertRaises(AccessError):
            answer.with_user(user).write({"code": "X"})
