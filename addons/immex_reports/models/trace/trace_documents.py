# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The sources of a traceability file: customs' files, COVE, e-documents, answers,
papers attached to transfers and orders; and what is missing of them.

Read with the rights of who asked: what they may not read is not in the file.
"""

import io
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass

from odoo.tools import SQL

from odoo.addons.immex_compliance.models.inventory.walk import spaced

from ...renderers.trace_zip import safe_name

PEDIMENTOS = 300  # whose documents are looked for
DOCUMENTS = 2000


@dataclass
class Document:
    """A source: ``folder`` and ``name`` in the zip, what it is ``of`` (words), its
    ``kind`` (words), ``size`` in bytes and ``open``, a context of a binary stream."""

    folder: str
    name: str
    of: str
    kind: str
    size: int
    open: Callable


class TraceDocuments:
    """Fills ``found`` (documents) and ``missing`` (texts)."""

    def __init__(self, scope):
        self.scope, self.env = scope, scope.env
        self.found, self.missing, self.seen = [], [], set()
        # what is in a zip cannot be of another company, however it is linked
        self.company = scope.records.company_id

    def collect(self):
        pedimentos = self.scope.pedimentos
        if len(pedimentos) > PEDIMENTOS:
            self.missing.append(
                self.env._(
                    "Documents of %(n)s pedimentos beyond the first %(shown)s.",
                    n=len(pedimentos) - PEDIMENTOS,
                    shown=PEDIMENTOS,
                )
            )
        for pedimento in pedimentos[:PEDIMENTOS]:
            self._of_pedimento(pedimento)
        for act in self.scope.acts:
            name = self.env._("Act %(n)s", n=act.act_number or act.notice_folio)
            if not self._attached("6_actas", act, name):
                self.missing.append(
                    self.env._("%(document)s: no file is attached", document=name)
                )
        self._of_transfers()
        self._of_production()
        if len(self.found) > DOCUMENTS:
            self.missing.append(
                self.env._(
                    "%(n)s documents beyond the first %(shown)s.",
                    n=len(self.found) - DOCUMENTS,
                    shown=DOCUMENTS,
                )
            )
            self.found = self.found[:DOCUMENTS]
        return self

    # one source -----------------------------------------------------------------------
    def _add(self, folder, name, of, kind, size, opener):
        self.found.append(Document(folder, name, of, kind, size, opener))

    def _text(self, folder, name, of, kind, text):
        data = (text or "").encode()
        self._add(folder, name, of, kind, len(data), lambda: _bytes(data))

    def _file(self, attachment, folder, of, kind, name=None):
        """An attachment that the reader may read; once, however often it is named."""
        if attachment.id in self.seen or not attachment.exists():
            return False
        self.seen.add(attachment.id)
        if attachment.type == "url":
            return False
        self._add(
            folder,
            name or attachment.name,
            of,
            kind,
            attachment.file_size,
            lambda: _stream(attachment),
        )
        return True

    def _attached(self, folder, records, of):
        """What people attached to records, and to what hangs on them."""
        if not records or not self.env[records._name].has_access("read"):
            return 0
        attachments = self.env["ir.attachment"].search(
            [
                ("res_model", "=", records._name),
                ("res_id", "in", records.ids),
                ("res_field", "=", False),
                ("company_id", "in", [False, self.company.id]),
            ],
            order="res_id, id",
        )
        kind = self.env["ir.model"]._get(records._name).name
        return sum(
            self._file(attachment, folder, of, kind) for attachment in attachments
        )

    # of pedimentos --------------------------------------------------------------------
    def _of_pedimento(self, pedimento):
        number = spaced(pedimento.number)
        of = self.env._("Pedimento %(n)s", n=number)
        flat = pedimento.number15
        file = pedimento.file_id
        if file.attachment_id:
            self._file(
                file.attachment_id.sudo(),
                "1_pedimentos",
                of,
                dict(file._fields["kind"]._description_selection(self.env))[file.kind],
                f"{flat}_{file.name}",
            )
        else:
            self.missing.append(
                self.env._(
                    "%(document)s: no file of it (%(origin)s)",
                    document=of,
                    origin=dict(
                        pedimento._fields["origin"]._description_selection(self.env)
                    )[pedimento.origin],
                )
            )
        lines = self.env.execute_query(
            SQL(
                "SELECT text FROM immex_pedimento_record"
                " WHERE pedimento_id = %s ORDER BY line",
                pedimento.id,
            )
        )
        if lines:
            self._text(
                "1_pedimentos",
                f"{flat}_registros.txt",
                of,
                self.env._("Its records alone"),
                "".join(f"{text}\r\n" for (text,) in lines),
            )
        self._attached("1_pedimentos", pedimento, of)
        self._answers(pedimento, of)
        self._coves(pedimento, of)
        self._edocuments(pedimento, of)
        if file:
            fetches = self.env["immex.vucem.fetch"].search([("file_id", "=", file.id)])
            self._exchanges(fetches, of)
        self._attached("1_pedimentos", self._remesas(pedimento), of)

    def _remesas(self, pedimento):
        return self.env["immex.remesa"].search([("pedimento_id", "=", pedimento.id)])

    def _answers(self, pedimento, of):
        answers = self.env["immex.pedimento.answer"].search(
            [("pedimento_id", "=", pedimento.id)]
        )
        for file in answers.file_id:
            self._file(
                file.attachment_id.sudo(),
                "4_acuses",
                of,
                self.env._("Answer of validator or bank"),
                file.name,
            )
        if not answers and not pedimento.acknowledgement:
            self.missing.append(
                self.env._("%(document)s: no answer of validator or bank", document=of)
            )

    def _coves(self, pedimento, of):
        for invoice in pedimento.invoice_ids:
            name = self.env._("COVE or invoice %(n)s", n=invoice.number or "")
            cove = invoice.cove_id
            if not cove:
                self.missing.append(
                    self.env._(
                        "%(document)s of %(of)s: not in the system",
                        document=name,
                        of=of,
                    )
                )
                continue
            self._exchanges(cove, f"{of}, {name}", "2_cove")
            self._attached("2_cove", cove, f"{of}, {name}")
            for move in cove.move_ids:
                self._attached("2_cove", move, f"{of}, {name}")

    def _edocuments(self, pedimento, of):
        declared = {
            line.complement1
            for line in pedimento.identifier_ids
            if line.code == "ED" and line.complement1
        }
        documents = self.env["immex.edocument"].search(
            [
                ("company_id", "=", self.company.id),
                "|",
                ("pedimento_id", "=", pedimento.id),
                ("edocument", "in", list(declared)),
            ]
        )
        for document in documents:
            name = self.env._("E-document %(n)s", n=document.edocument or document.name)
            pdf = self._pdf_of(document)
            if pdf:
                stem = document.name.removesuffix(".pdf")
                self._file(
                    pdf,
                    "3_edocuments",
                    f"{of}, {name}",
                    self.env._("E-document"),
                    f"{document.edocument or 'sin_numero'}_{stem}.pdf",
                )
            self._exchanges(document, f"{of}, {name}")
        for number in sorted(declared - set(documents.mapped("edocument"))):
            self.missing.append(
                self.env._(
                    "E-document %(n)s of %(of)s: not in the system", n=number, of=of
                )
            )

    def _pdf_of(self, document):
        """Where the bytes of an e-document lie: hundreds of them are never in memory
        at once."""
        return (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", document._name),
                    ("res_field", "=", "pdf"),
                    ("res_id", "=", document.id),
                ],
                limit=1,
            )
        )

    def _exchanges(self, records, of, folder="4_acuses"):
        """What was sent about these records, without any login, and what came back."""
        if not records:
            return
        exchanges = self.env["immex.exchange"].search(
            [("res_model", "=", records._name), ("res_id", "in", records.ids)],
            order="id",
        )
        for exchange in exchanges:
            # with the service as well, names would be cut and lose their end
            name = safe_name(f"{exchange.operation}_{exchange.id}")
            if folder == "2_cove" and not exchange.repeatable:
                self._text(
                    folder,
                    f"{name}_enviado.xml",
                    of,
                    self.env._("As sent to VUCEM"),
                    exchange.request,
                )
            if exchange.answer:
                self._text(
                    folder,
                    f"{name}_respuesta.xml",
                    of,
                    self.env._("Answer of VUCEM"),
                    exchange.answer,
                )

    # of transfers, orders, invoices -------------------------------------------------
    def _of_transfers(self):
        for picking in self.scope.pickings:
            mine = picking.with_env(self.env)
            of = self.env._("Transfer %(n)s", n=picking.name)
            if not self._may(mine):
                self.missing.append(
                    self.env._(
                        "%(document)s: left out, you have no right to read it",
                        document=of,
                    )
                )
                continue
            if not self._attached("5_traslados", mine, of):
                self.missing.append(
                    self.env._("%(document)s: no file is attached", document=of)
                )
            moves = picking.move_ids
            for order in moves.purchase_line_id.order_id:
                self._of_order(order, self.env._("Purchase %(n)s", n=order.name))
            for order in moves.sale_line_id.order_id:
                self._of_order(order, self.env._("Sale %(n)s", n=order.name))

    def _of_order(self, order, name):
        order = order.with_env(self.env)
        if not self._may(order):
            return
        self._attached("7_pedidos", order, name)
        if self.env["account.move"].has_access("read"):
            for invoice in order.invoice_ids.filtered(self._may):
                self._attached("7_pedidos", invoice, f"{name}, {invoice.name}")

    def _of_production(self):
        for order in self.scope.made.sudo().production_id.with_env(self.env):
            if self._may(order):
                self._attached("8_produccion", order, order.name)

    def _may(self, record):
        return self.env[record._name].has_access("read") and record.has_access("read")


@contextmanager
def _bytes(data):
    with io.BytesIO(data) as stream:
        yield stream


@contextmanager
def _stream(attachment):
    """The bytes of an attachment, from the file store where they are there."""
    if attachment.store_fname:
        with open(attachment._full_path(attachment.store_fname), "rb") as stream:
            yield stream
    else:
        with io.BytesIO(attachment.raw or b"") as stream:
            yield stream
