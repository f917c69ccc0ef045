# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What is compared between the books and the government's data, field by field."""

from dataclasses import dataclass

TEXT = "text"
TOLD = "told"  # a text that is compared where both sides tell it
DATE = "date"
# numbers: blank counts as zero
MONEY = "money"
QUANTITY = "quantity"
EXACT = "exact"
TOLERANCE = {
    MONEY: "%(money)s::numeric",
    QUANTITY: "%(quantity)s::numeric",
    EXACT: "0::numeric",
}


@dataclass(frozen=True)
class Compared:
    """A field: its name, how it is compared, and the expression on either side.

    ``plainly``: the columns as they stand on both sides; where they are equal, which
    is cheap to see, so are the expressions.
    """

    name: str
    how: str
    ours: str
    theirs: str
    plainly: tuple = ()

    @property
    def differs(self):
        """Condition in SQL."""
        if self.plainly:
            ours, theirs = self.plainly
            return f"({ours} IS DISTINCT FROM {theirs} AND {self._differs})"
        return self._differs

    @property
    def _differs(self):
        if self.how in TOLERANCE:
            return f"abs({self.difference}) > {TOLERANCE[self.how]}"
        if self.how == TOLD:
            return f"{self.ours} <> {self.theirs}"
        return f"{self.ours} IS DISTINCT FROM {self.theirs}"

    @property
    def difference(self):
        """Ours less theirs, exact; NULL of what is no number."""
        if self.how in TOLERANCE:
            return f"COALESCE({self.ours}, 0) - COALESCE({self.theirs}, 0)"
        return "NULL::numeric"

    def text(self, side):
        value = getattr(self, side)
        return f"trim_scale({value})::text" if self.how in TOLERANCE else f"{value}"

    def amount(self, side):
        return f"{getattr(self, side)}" if self.how in TOLERANCE else "NULL::numeric"

    @property
    def values(self):
        """Row of a VALUES list: name, both texts, both numbers, their difference,
        whether they differ."""
        cast = "::text" if self.how == DATE else ""
        return (
            f"('{self.name}', ({self.text('ours')}){cast}, "
            f"({self.text('theirs')}){cast}, {self.amount('ours')}, "
            f"{self.amount('theirs')}, {self.difference}, {self.differs})"
        )


def plain(column):
    """A text of either side: blanks count for nothing."""
    return f"NULLIF(upper(btrim({column})), '')"


def key(column):
    """A key of an appendix: without its leading zeros."""
    return (
        f"CASE WHEN btrim({column}) <> '' THEN"
        f" COALESCE(NULLIF(ltrim(btrim({column}), '0'), ''), '0') END"
    )


def _same(name, how, wrap=lambda column: column):
    ours, theirs = f"o.{name}", f"t.{name}"
    return Compared(name, how, wrap(ours), wrap(theirs), (ours, theirs))


PEDIMENTO = (
    Compared("key_code", TEXT, "k.code", "t.key_code"),
    _same("operation_type", TEXT),
    _same("office_section", TEXT),
    _same("rfc", TEXT, plain),
    _same("payment_date", DATE),
    # an export has none, and table 506 may not have come
    Compared("entry_date", TOLD, "o.entry_date::text", "t.entry_date::text"),
    _same("exchange_rate", EXACT),
    _same("freight", MONEY),
    _same("insurance", MONEY),
    _same("packing", MONEY),
    _same("other_increments", MONEY),
    _same("gross_weight", QUANTITY),
)
PARTIDA = (
    _same("fraccion", TEXT),
    _same("nico", TEXT, key),
    _same("origin_code", TEXT, plain),
    _same("seller_code", TOLD, plain),
    Compared("umc", TEXT, "umc.code", "t.umc_code"),
    _same("qty_umc", QUANTITY),
    Compared("umt", TEXT, "umt.code", "t.umt_code"),
    _same("qty_umt", QUANTITY),
    _same("customs_value", MONEY),
    _same("commercial_value", MONEY),
    _same("value_usd", MONEY),
    _same("added_value", MONEY),
    _same("linkage", TOLD, key),
    _same("valuation_method", TOLD, key),
)


def _of_kind(name, how, kind, column="form"):
    """A column of an entry, under the name that it has in entries of that kind."""
    return Compared(
        name,
        how,
        f"CASE WHEN c.kind = '{kind}' THEN c.ours_{column} END",
        f"CASE WHEN c.kind = '{kind}' THEN c.theirs_{column} END",
    )


ENTRY = (
    _of_kind("payment_form", TEXT, "amount"),
    _of_kind("rate_type", TEXT, "rate"),
    _of_kind("complement1", TOLD, "identifier"),
    _of_kind("complement2", TOLD, "identifier", "extra"),
    Compared("amount", MONEY, "c.ours_amount", "c.theirs_amount"),
    Compared("rate", EXACT, "c.ours_rate", "c.theirs_rate"),
)
VIRTUAL = (
    Compared("umt", TOLD, "c.ours_unit", "c.theirs_unit"),
    Compared("qty_umt", QUANTITY, "c.ours_quantity", "c.theirs_quantity"),
)
VIRTUAL_VALUE = (Compared("value_usd", MONEY, "c.ours_value", "c.theirs_value"),)


def differences(compared):
    """``(join, condition)``: rows that differ, and one row for each field that does."""
    values = ",\n       ".join(field.values for field in compared)
    condition = " OR ".join(field.differs for field in compared)
    return (
        f"CROSS JOIN LATERAL (VALUES {values})"
        " AS f (field, ours, theirs, ours_amount, theirs_amount, difference, differs)",
        f"({condition}) AND f.differs",
    )
