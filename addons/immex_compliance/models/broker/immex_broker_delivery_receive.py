# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import uuid

from odoo import SUPERUSER_ID, Command, api, fields, models
from odoo.tools import SQL

from ...services.broker import faults
from ..pedimento.file_issues import FileRefused, issue_values

# Names that a browser may show; anything else is only a download.
MIMETYPES = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".txt": "text/plain",
    ".xml": "text/plain",
    ".csv": "text/csv",
    ".zip": "application/zip",
}
MAX_ISSUES = 200

# The first of two calls at once makes the delivery. The second one waits for its end:
# then it conflicts with a row that its snapshot does not show, fails to serialize, and
# the request is run again, which finds the row.
CLAIM = """
INSERT INTO immex_broker_delivery (company_id, broker_id, user_id, delivery_key, kind,
    filename, sha256, size, pedimento_number, received_at, tried_at, attempts,
    create_uid, create_date, write_uid, write_date)
VALUES (%(company)s, %(broker)s, %(user)s, %(key)s, %(kind)s, %(name)s, %(sha256)s,
    %(size)s, %(number)s, %(now)s, %(now)s, 1, %(user)s, %(now)s, %(user)s, %(now)s)
ON CONFLICT DO NOTHING
RETURNING id
"""


class ImmexBrokerDelivery(models.Model):
    """The door: each call answers one delivery, new or earlier."""

    _inherit = "immex.broker.delivery"

    @api.model
    @api.private
    def _deliver_file(self, broker, user, company, kind, name, key, source, numbers):
        """Load a file that is known to be of the broker's patents.

        :param source: :class:`SourceFile`
        :param numbers: of its pedimentos, as far as they can be told
        :return: ``(delivery, whether it was delivered before)``
        :raise SoapFault: the id was given to another content
        """
        delivery, fresh = self._claim(broker, user, company, kind, name, key, source)
        if not fresh:
            return delivery, True
        delivery._set_numbers(numbers)
        # a large file is loaded later by a process of its own, under this user
        files = self.env["immex.pedimento.file"].with_user(SUPERUSER_ID)
        try:
            result = files._load_source(kind, company, source, name)
        except FileRefused as refused:
            delivery._refuse(source, refused.issues)
            return delivery, False
        known = result.recognised
        delivery.write(
            {
                "outcome": "known" if known else "file",
                "file_id": result.file.id,
                "issues": delivery._as_dicts(result.issues),
                "issue_count": len(result.issues),
            }
        )
        if not numbers:
            delivery._number_by_file()
        return delivery, False

    @api.model
    @api.private
    def _deliver_document(self, broker, user, company, name, key, source, number):
        """Attach a document to a recorded pedimento of the broker's patents.

        :return: ``(delivery, whether it was delivered before)``
        :raise SoapFault: the id was given to another content, or the company's books
            do not have the pedimento
        """
        pedimento = self.env["immex.pedimento"].search(
            [("company_id", "=", company.id), ("number15", "=", number)],
            order="year desc",
            limit=1,
        )
        if not pedimento:
            raise faults.about(
                "pedimentoNumber",
                f"Pedimento {number} is not recorded yet: deliver it first.",
            )
        delivery, fresh = self._claim(
            broker, user, company, "document", name, key, source, number
        )
        if not fresh:
            return delivery, True
        delivery._set_numbers([number])
        mimetype = MIMETYPES.get(
            name[name.rfind(".") :].lower(), "application/octet-stream"
        )
        delivery.write(
            {
                "outcome": "loaded",
                "pedimento_id": pedimento.id,
                "attachment_id": source.attach(pedimento, name, mimetype).id,
            }
        )
        return delivery, False

    def _claim(self, broker, user, company, kind, name, key, source, number=""):
        """Make the delivery, or find the earlier one.

        :return: ``(delivery, whether its content is to be taken)``
        """
        rows = self.env.execute_query(
            SQL(
                CLAIM,
                company=company.id,
                broker=broker.id,
                user=user.id,
                key=key or str(uuid.uuid4()),
                kind=kind,
                name=name,
                sha256=source.sha256,
                size=source.size,
                number=number,
                now=fields.Datetime.now(),
            )
        )
        if rows:
            return self.browse(rows[0][0]), True
        delivery = self._earlier(broker, company, kind, key, source, number)
        if delivery.state != "refused":
            return delivery, False
        # tried again; of two at once the second one fails to serialize
        self.env.execute_query(
            SQL(
                "UPDATE immex_broker_delivery SET attempts = attempts + 1,"
                " tried_at = %s WHERE id = %s RETURNING id",
                fields.Datetime.now(),
                delivery.id,
            )
        )
        delivery.invalidate_recordset()
        return delivery, True

    def _earlier(self, broker, company, kind, key, source, number):
        own = [("broker_id", "=", broker.id)]
        named = self.search([*own, ("delivery_key", "=", key)]) if key else self
        same = [
            ("company_id", "=", company.id),
            ("kind", "=", kind),
            ("sha256", "=", source.sha256),
            ("pedimento_number", "=", number),
        ]
        if named and not named.filtered_domain(same):
            raise faults.about(
                "deliveryId",
                "The delivery id was given to another content, company or pedimento.",
            )
        return named or self.search([*own, *same])

    def _set_numbers(self, numbers):
        self.number_ids = [
            Command.clear(),
            *(Command.create({"name": number}) for number in sorted(numbers)),
        ]

    def _number_by_file(self):
        """The numbers of a file that tells none of its own: of what it brought, or of
        the pedimentos whose goods it names."""
        goods = self.env["immex.pedimento.goods"]
        for delivery in self:
            named = goods._read_group(
                [("file_id", "=", delivery.file_id.id)], ["pedimento_id"]
            )
            brought = delivery.file_id.pedimento_ids.ids
            pedimentos = self.env["immex.pedimento"].browse(
                brought + [pedimento.id for (pedimento,) in named]
            )
            delivery._set_numbers(set(pedimentos.mapped("number15")))

    def _refuse(self, source, issues):
        """Keep the bytes and the errors, for a look."""
        former = self.attachment_id
        errors = [issue for issue in issues if issue.severity == "error"]
        self.write(
            {
                "outcome": "refused",
                "file_id": False,
                "issues": self._as_dicts(errors),
                "issue_count": len(errors),
                "attachment_id": source.attach(
                    self, self.filename, "application/octet-stream"
                ).id,
            }
        )
        former.unlink()

    def _as_dicts(self, issues):
        result = []
        for issue in issues[:MAX_ISSUES]:
            values = issue_values(self.env, issue)
            result.append(
                {
                    "severity": values["severity"],
                    "code": values["code"],
                    "message": values["message"],
                    "file": self.filename,
                    "line": values["line"],
                    "record": values["record_type"] or "",
                    "field_number": values["field_number"],
                    "field": values["field_name"] or "",
                }
            )
        return result
