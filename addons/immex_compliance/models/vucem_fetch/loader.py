# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Loads a pedimento from VUCEM's collected answers."""

from dataclasses import replace

from ...formats.issues import ERROR, WARNING
from ...formats.vucem import VucemReader
from ..datastage.store_loader import ACCEPTED
from ..pedimento.document_loader import PedimentoLoader


class VucemLoader(PedimentoLoader):
    """One pedimento, as customs itself tells it.

    Customs accepted it: what does not add up, or is barred today, is told and does not
    stop it. What cannot be read does.
    """

    origin = "vucem"
    reader_class = VucemReader

    def _collect(self, issues):
        return super()._collect(
            replace(issue, severity=WARNING)
            if issue.severity == ERROR and issue.code in ACCEPTED
            else issue
            for issue in issues
        )

    def _barred_issue(self, entries, line, temporary):
        return replace(
            super()._barred_issue(entries, line, temporary), severity=WARNING
        )
