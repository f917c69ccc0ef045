# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date

from dateutil.relativedelta import relativedelta

from .engine_case import EngineCase


class RegularizationCase(EngineCase):
    """The plant of the engine, with a tariff of 5 % and figures that are easy to add.

    They are no official ones: INPC 100 in every month but October 2026, 110; 1 % of
    surcharges a month; VAT and DTA as delivered; no NICO differs from another.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.material = cls._product("MAT-1", "material")
        cls.product = cls._product("FG-1", "product")
        for name in ("immex.price.index", "immex.surcharge.rate"):
            cls.env[name].search([]).unlink()
        months = [date(2024, 1, 1) + relativedelta(months=n) for n in range(40)]
        cls.env["immex.price.index"].create(
            [
                {
                    "month": month,
                    "value": 110 if month == date(2026, 10, 1) else 100,
                    "source": "test",
                }
                for month in months
            ]
        )
        cls.env["immex.surcharge.rate"].create(
            [{"month": month, "rate": 1, "source": "test"} for month in months]
        )
        items = cls.env["immex.tariff.item"].search([("fraccion", "=", "85369099")])
        cls.env["immex.tariff.rate"].search(
            [("tariff_item_id", "in", items.ids)]
        ).unlink()
        cls.rates = cls.env["immex.tariff.rate"].create(
            [
                {
                    "tariff_item_id": item.id,
                    "flow": "import",
                    "rate": 5,
                    "valid_from": "2020-01-01",
                    "source": "test",
                    "verified": True,
                }
                for item in items
            ]
        )

    def _expired(self, declared=100, exported=0, rate=None, **values):
        """A layer of 10 January 2025, whose 18 months ended on 10 July 2026."""
        pedimento = self._pedimento(
            "IN", "1", "2025-01-10", [(self.material, declared)], **values
        )
        self._transfer("incoming", "2025-01-10", [(self.material, declared)], pedimento)
        if rate is not None:
            self._contribution(pedimento, kind="rate", rate=rate, rate_type="1")
        if exported:
            export = self._pedimento(
                "RT", "2", "2025-02-10", [(self.material, exported)]
            )
            self._transfer(
                "outgoing", "2025-02-10", [(self.material, exported)], export
            )
        self._run()
        return self._layer(pedimento)

    def _contribution(self, pedimento, code="6", **values):
        return self.env["immex.pedimento.contribution"].create(
            {
                "pedimento_id": pedimento.id,
                "partida_id": pedimento.partida_ids[:1].id,
                "company_id": self.company.id,
                "code": code,
                **values,
            }
        )

    def _propose(self, layer, payment="2026-11-20", **values):
        layer.with_context(immex_at_date="2026-11-20").action_propose_regularization()
        proposal = self.env["immex.regularization"].search(
            [("layer_id", "=", layer.id)], limit=1
        )
        proposal.write({"payment_date": payment, **values})
        proposal.action_compute()
        return proposal

    def _difference(self, day="2026-10-31", **values):
        """The proposals of the differences at a day."""
        self._run()
        check = self.env["immex.receipt.check"].create({"date": day, "grace": 0})
        check.action_run()
        check.line_ids.action_propose()
        proposals = check.line_ids.regularization_id
        proposals.write({"payment_date": "2026-11-20", **values})
        proposals.action_compute()
        return proposals

    def _lines(self, proposal, role="correction"):
        """{code: (base, factor, updated, months, rate sum, surcharge, payable)}."""
        self.env.cr.execute(
            """
            SELECT code, trim_scale(base)::text, trim_scale(factor)::text,
                   trim_scale(updated)::text, months, trim_scale(rate_sum)::text,
                   trim_scale(surcharge)::text, trim_scale(payable)::text
              FROM immex_regularization_line
             WHERE regularization_id = %s AND role = %s""",
            (proposal.id, role),
        )
        return {row[0]: row[1:] for row in self.env.cr.fetchall()}

    def _fines(self, proposal, role="idle"):
        return {
            fine.fine_id.article: (fine.lowest, fine.highest, fine.counts)
            for fine in proposal.fine_ids
            if fine.role == role
        }
