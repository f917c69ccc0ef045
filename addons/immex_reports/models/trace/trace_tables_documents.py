# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Tables of the documents in a printed traceability file."""

from odoo.addons.immex_compliance.models.inventory.walk import spaced

from ...renderers.trace_pdf import Section


class TraceDocumentTables:
    """Part of :class:`TraceTables`."""

    def _pedimentos(self):
        rows = [
            (
                spaced(pedimento.number),
                pedimento.key_id.code,
                self._choice(
                    "immex.pedimento", "operation_type", pedimento.operation_type
                ),
                pedimento.office_section,
                self._date(pedimento.entry_date),
                self._date(pedimento.payment_date),
                pedimento.sudo().partner_id.name,
                pedimento.acknowledgement,
                pedimento.operation_rule_id.display_name
                if pedimento.operation_rule_id
                else "",
            )
            for pedimento in self.scope.pedimentos
        ]
        return Section(
            self.env._("Pedimentos"),
            [
                (self.env._("Pedimento"), 14, "text"),
                (self.env._("Key"), 4, "text"),
                (self.env._("Operation"), 7, "text"),
                (self.env._("Office"), 5, "text"),
                (self.env._("Entry"), 7, "text"),
                (self.env._("Payment"), 7, "text"),
                (self.env._("Supplier or buyer"), 16, "text"),
                (self.env._("Validation acknowledgement"), 10, "text"),
                (self.env._("Effect"), 18, "text"),
            ],
            rows,
            empty=self.env._("No pedimento."),
        )

    def _rectifications(self):
        rows = [
            (
                self.env._("Rectification (R1)"),
                spaced(pedimento.number),
                self._date(pedimento.payment_date),
                spaced(pedimento.rectifies_id.number),
                "",
            )
            for pedimento in self.scope.pedimentos
            if pedimento.rectifies_id
        ]
        references = self.env["immex.pedimento.reference"].search(
            [
                ("kind", "=", "discharge"),
                ("pedimento_id", "in", self.scope.pedimentos.ids),
            ]
        )
        exact = self.nodes.exact(references, "quantity")
        for reference in references:
            named = spaced(reference.target_id.number) or " ".join(
                filter(
                    None,
                    (
                        reference.office_section,
                        reference.patente,
                        reference.document,
                        self.env._("(not recorded)"),
                    ),
                )
            )
            quantity = exact[reference.id][0]
            rows.append(
                (
                    self.env._("Named (512)"),
                    spaced(reference.pedimento_id.number),
                    self._date(reference.date),
                    named,
                    self._number(quantity) if quantity else "",
                )
            )
        return Section(
            self.env._("Rectifications and pedimentos named"),
            [
                (self.env._("What"), 10, "text"),
                (self.env._("Pedimento"), 14, "text"),
                (self.env._("Date"), 7, "text"),
                (self.env._("Rectified or named"), 18, "text"),
                (self.env._("Quantity"), 8, "number"),
            ],
            rows,
            empty=self.env._("None."),
        )

    def _acknowledgements(self):
        answers = self.env["immex.pedimento.answer"].search(
            [("pedimento_id", "in", self.scope.pedimentos.ids)],
            order="pedimento_id, id",
        )
        rows = [
            (
                spaced(answer.pedimento_id.number),
                self._choice("immex.pedimento.answer", "kind", answer.kind),
                answer.code or answer.operation or "",
                self._date(answer.date),
                answer.text,
            )
            for answer in answers
        ]
        return Section(
            self.env._("Acknowledgements of validator, bank and VUCEM"),
            [
                (self.env._("Pedimento"), 14, "text"),
                (self.env._("Answer"), 8, "text"),
                (self.env._("Code or operation"), 10, "text"),
                (self.env._("Date"), 7, "text"),
                (self.env._("As it came"), 40, "mono"),
            ],
            rows,
            empty=self.env._("No answer was loaded for these pedimentos."),
        )

    def _findings(self):
        findings = self.env["immex.finding"].search(
            [
                "|",
                "|",
                ("pedimento_id", "in", self.scope.pedimentos.ids),
                ("layer_id", "in", self.scope.layers.ids),
                ("exit_line_id", "in", self.scope.exits.ids),
            ],
            order="state, severity, date",
            limit=500,
        )
        rows = [
            (
                self._choice("immex.finding", "severity", finding.severity),
                self._choice("immex.finding", "state", finding.state),
                self._date(finding.date),
                finding.message,
                finding.note or "",
            )
            for finding in findings
        ]
        return Section(
            self.env._("Findings"),
            [
                (self.env._("Severity"), 7, "text"),
                (self.env._("State"), 8, "text"),
                (self.env._("Date"), 7, "text"),
                (self.env._("Finding"), 40, "text"),
                (self.env._("Explanation"), 20, "text"),
            ],
            rows,
            empty=self.env._("No finding names these documents."),
        )
