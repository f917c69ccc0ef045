# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What a report is: one query, its columns, its legal name and source.

Pure Python. The same definition makes the screen, the XLSX, the XML and its XSD, and
the authority's pages.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

TEXT, DATE, INTEGER, QUANTITY, MONEY, FLAG = (
    "text",
    "date",
    "integer",
    "quantity",
    "money",
    "flag",
)
NUMERIC = (QUANTITY, MONEY)

# Ledger rows as known when a run ended: those that it or an earlier one wrote and
# that none of them superseded. Without a run: those in force. Alias of the ledger: x.
KNOWN = """
   CASE WHEN %(known_run_id)s::integer IS NULL THEN x.superseded_run_id IS NULL
        ELSE x.run_id <= %(known_run_id)s::integer
             AND (x.superseded_run_id IS NULL
                  OR x.superseded_run_id > %(known_run_id)s::integer) END
"""


@dataclass(frozen=True)
class Column:
    """A column: ``name`` in the query and in XML, ``label`` as the law names it.

    :param label: Spanish, since reports bear the law's words
    :param english: label of the screen in English
    :param decimals: of a quantity or an amount
    :param unit: name of the column that holds the unit, or a currency code
    :param source: legal source, shown as help
    :param record: Odoo model of the document, for drill-down; the query gives its id
        in ``<name>_id``
    :param total: summed at the end (amounts of one currency only)
    :param width: of the column in characters
    """

    name: str
    label: str
    english: str
    type: str = TEXT
    decimals: int = 0
    unit: str = ""
    source: str = ""
    record: str = ""
    total: bool = False
    width: int = 14

    @property
    def record_column(self):
        return f"{self.name}_id" if self.record else ""

    @property
    def numeric(self):
        return self.type in NUMERIC

    def value(self, raw):
        """Turn what the driver gives for ``sql`` into a value: str, int, bool, date,
        Decimal or None."""
        if raw is None or not self.numeric:
            return raw
        return Decimal(raw)

    def sql(self, alias):
        """Expression that reads the column exactly: drivers make floats of numerics."""
        return f"{alias}.{self.name}::text" if self.numeric else f"{alias}.{self.name}"


@dataclass(frozen=True)
class Table:
    """A query with its columns. Its named parameters are those of the report."""

    code: str
    title: str
    query: str
    columns: tuple = field(default_factory=tuple)

    @property
    def records(self):
        """Columns that lead to a document."""
        return tuple(column for column in self.columns if column.record)

    @property
    def totals(self):
        return tuple(column for column in self.columns if column.total)

    def fields_of(self, alias="q"):
        """Column list that reads the values exactly, in order."""
        return ", ".join(column.sql(alias) for column in self.columns)

    @property
    def select(self):
        """The query with numerics as text."""
        return f"SELECT {self.fields_of()} FROM ({self.query}) q"

    def values(self, row):
        """Turn a row of ``select`` into a tuple of exact values."""
        return tuple(
            column.value(raw) for column, raw in zip(self.columns, row, strict=True)
        )


@dataclass(frozen=True)
class Report(Table):
    """A report. ``query`` has the named parameters ``company_id``, ``date_from``,
    ``date_to``, ``known_run_id`` and ``lang``, and gives the columns and the record
    columns, in the order of the report.

    :param code: key of the report, part of file names and of the XML namespace
    :param title: exact legal name, Spanish
    :param english: its name in English, for people who read no Spanish
    :param source: legal source
    :param period: "period" (from, to) or "cutoff" (to)
    :param group_by: columns that the screen groups by at first
    :param official: one of the reports that the authority reads
    """

    english: str = ""
    source: str = ""
    period: str = "period"
    group_by: tuple = ()
    official: bool = True

    def parameters(self, company_id, date_from, date_to, known_run_id=None):
        """Parameters of the query. Reports are in Spanish whoever reads them."""
        return {
            "company_id": company_id,
            "date_from": date_from or date.min,
            "date_to": date_to,
            "known_run_id": known_run_id,
            "lang": "es_MX",
        }


@dataclass(frozen=True)
class Header:
    """What stands on every page: company, RFC, programme (Anexo 24 A-I-a), period; and
    the seal of the closed period in which the report ends."""

    company: str
    rfc: str
    program: str
    date_from: object
    date_to: object
    known: str = ""
    seal: str = ""
    # day and hour of printing, on paper only
    printed: str = ""

    def period_text(self, report):
        text = f"Al {self.date_to:%d/%m/%Y}"
        if report.period != "cutoff" and self.date_from:
            text = f"Del {self.date_from:%d/%m/%Y} al {self.date_to:%d/%m/%Y}"
        return f"{text}, según la corrida {self.known}" if self.known else text
