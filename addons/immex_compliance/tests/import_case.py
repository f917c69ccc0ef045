# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import io

from odoo.tools import SQL

from ..models.pedimento.file_issues import FileRefused
from .common import ImmexCase, m3_file, m3_partida

TABLES = (
    "immex_pedimento",
    "immex_pedimento_partida",
    "immex_pedimento_goods",
    "immex_pedimento_date",
    "immex_pedimento_invoice",
    "immex_pedimento_identifier",
    "immex_pedimento_contribution",
    "immex_pedimento_reference",
    "immex_pedimento_observation",
    "immex_pedimento_permit",
    "immex_pedimento_record",
    "immex_pedimento_file",
    "immex_pedimento_file_issue",
)


class ImportCase(ImmexCase):
    """Loads broker files and sees that a refused one leaves nothing behind."""

    def _load(self, content, name="m3456001.275"):
        files = self.env["immex.pedimento.file"]
        return files._load_m3(self.company, io.BytesIO(content), name)

    def _fingerprint(self):
        """All rows of our tables and the attachments, as one text."""
        self.env.flush_all()
        result = []
        for table in TABLES:
            rows = self.env.execute_query(
                SQL(
                    "SELECT count(*), md5(string_agg(t::text, '' ORDER BY t.id))"
                    " FROM %s t",
                    SQL.identifier(table),
                )
            )
            result.append((table, *rows[0]))
        self.env.cr.execute("SELECT count(*) FROM ir_attachment")
        return [*result, self.env.cr.fetchone()]

    def _refused(self, content):
        """Load, see it refused with the database as before; give the errors."""
        before = self._fingerprint()
        with self.assertRaises(FileRefused) as caught:
            self._load(content)
        self.assertEqual(self._fingerprint(), before)
        return [i for i in caught.exception.issues if i.severity == "error"]

    def _one(self, content, code, line, number=None):
        """One error of that code at that line and field."""
        found = [
            (issue.line, issue.field_number)
            for issue in self._refused(content)
            if issue.code == code
        ]
        if number is None:
            self.assertEqual([place[0] for place in found], [line])
        else:
            self.assertEqual(found, [(line, number)])

    @staticmethod
    def _plain(**options):
        return m3_file(([m3_partida()], options), trailing_pipe=False)
