# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import base64

from .engine_case import EngineCase


class ScccygCase(EngineCase):
    """A company certified since 5 October 2026, and imports of known value."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.layout = cls.env["immex.scccyg.layout"].create(
            {
                "company_id": cls.company.id,
                "valid_from": "2026-01-01",
                "start_date": "2026-10-05",
            }
        )

    def _import(self, day, product, quantity, value, form="21", key="IN"):
        """A temporary import of known commercial value, charged with a form."""
        paper = self._pedimento(key, "1", day, [(product, quantity)])
        partida = self.env["immex.pedimento.partida"].search(
            [("pedimento_id", "=", paper.id)]
        )
        partida.write({"commercial_value": value})
        partida.goods_ids.write({"commercial_value": value})
        self.env["immex.pedimento.contribution"].create(
            {
                "pedimento_id": paper.id,
                "company_id": self.company.id,
                "partida_id": partida.id,
                "kind": "amount",
                "code": "3",
                "payment_form": form,
                "amount": 16,
            }
        )
        self._transfer("incoming", day, [(product, quantity)], paper)
        return paper

    def _mixed(self, form="22"):
        """Two partidas of one import of 6 October, one charged to the credit and one
        with another form; the pedimento sums both. All of it left on the 20th."""
        lines = [(self._product(code, "material"), 7) for code in ("CRED", "OTHER")]
        paper = self._pedimento("IN", "1", "2026-10-06", lines)
        goods = self._goods_of(paper)
        for part, value, told in zip(goods, (100, 30), ("21", form), strict=True):
            part.partida_id.commercial_value = part.commercial_value = value
            for partida in (part.partida_id.id, False):
                self.env["immex.pedimento.contribution"].create(
                    {
                        "pedimento_id": paper.id,
                        "company_id": self.company.id,
                        "partida_id": partida,
                        "kind": "amount",
                        "code": "3",
                        "payment_form": told,
                        "amount": 16,
                    }
                )
        self._transfer("incoming", "2026-10-06", lines, paper)
        back = self._pedimento("RT", "2", "2026-10-20", lines)
        self._transfer("outgoing", "2026-10-20", lines, back)
        self._run()
        return paper

    def _report(self, **values):
        return self.env["immex.scccyg.report"].create(
            {
                "company_id": self.company.id,
                "destination": "return",
                "year": 2026,
                "number": 10,
                **values,
            }
        )

    def _history(self):
        """Three imports of seven, one before the certification and one that paid its
        VAT; eight left in October, nine in November."""
        part = self._product("MAT", "material")
        before = self._import("2026-10-01", part, 7, 100, form="0")
        self._import("2026-10-06", part, 7, 100)
        self._import("2026-10-07", part, 7, 100, form="0")
        for day, quantity in (("2026-10-20", 8), ("2026-11-03", 9)):
            paper = self._pedimento("RT", "2", day, [(part, quantity)])
            self._transfer("outgoing", day, [(part, quantity)], paper)
        self._run()
        return before

    def _text(self, report):
        return base64.b64decode(report.file).decode()

    def _sent(self, **values):
        report = self._report(**values)
        report.action_compute()
        report.action_write()
        report.action_sent()
        return report

    def _government(self, document, fraccion, tax, key, form="21", **values):
        """The import as the government's Data Stage has it."""
        file = self.env["immex.pedimento.file"].search(
            [("company_id", "=", self.company.id)], limit=1
        ) or self.env["immex.pedimento.file"].sudo().create(
            {
                "company_id": self.company.id,
                "name": "77.zip",
                "kind": "datastage",
                "sha256": "0",
                "state": "loaded",
            }
        )
        pedimento = (
            self.env["immex.datastage.pedimento"]
            .sudo()
            .create(
                {
                    "company_id": self.company.id,
                    "file_id": file.id,
                    "year": 2026,
                    "office": "24",
                    "office_section": "240",
                    "patente": "3456",
                    "document": document,
                    "operation_type": "1",
                    "key_code": key,
                    "payment_date": values.get("paid", "2026-10-06"),
                    "number15": f"26243456{document}",
                    "pedimento_id": values.get("recorded", False),
                    "partida_ids": [
                        (
                            0,
                            0,
                            {
                                "sequence": 1,
                                "fraccion": fraccion,
                                "commercial_value": values.get("value", 0),
                            },
                        )
                    ],
                    "contribution_ids": [
                        (
                            0,
                            0,
                            {
                                "sequence": 1,
                                "kind": "amount",
                                "code": "3",
                                "payment_form": form,
                                "amount": tax,
                            },
                        )
                    ],
                }
            )
        )
        if values.get("identifier"):
            pedimento.identifier_ids = [
                (0, 0, {"sequence": 1, "code": values["identifier"]})
            ]
        return pedimento
