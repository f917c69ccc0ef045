# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The report of a first loading as a workbook, a sheet for each list."""

import xlsxwriter

SHEETS = (
    (
        "immex.first.loading.line",
        (
            "year",
            "operation_type",
            "key_code",
            "government",
            "before",
            "after",
            "missing",
            "partidas",
            "partidas_after",
            "customs_value",
            "customs_value_after",
            "contributions",
            "contributions_after",
        ),
        "year, operation_type, key_code",
    ),
    (
        "immex.first.loading.balance",
        (
            "fraccion",
            "umt_code",
            "month",
            "layers",
            "imported",
            "discharged",
            "remaining",
            "customs_value",
        ),
        "fraccion, umt_code, month",
    ),
    (
        "immex.first.loading.short",
        (
            "product",
            "customs_status",
            "exits",
            "first_date",
            "last_date",
            "quantity",
            "short",
        ),
        "product, customs_status",
    ),
    (
        "immex.first.loading.chain",
        (
            "original",
            "last",
            "versions",
            "first_paid",
            "last_paid",
            "customs_value",
            "customs_value_last",
            "incomplete",
        ),
        "original",
    ),
    (
        "immex.first.loading.passed",
        ("number15", "key", "kind", "reason"),
        "kind, number15",
    ),
)
# names of other tables: their expression, the field that is their heading, the joins
OTHERS = {
    "product": ("m.default_code", "product_id"),
    "original": ("o.number15", "original_id"),
    "last": ("v.number15", "last_id"),
    "number15": ("s.number15", "datastage_id"),
    "key": ("s.key_code", "key_code"),
}
JOINS = {
    "immex.first.loading.short": "JOIN product_product m ON m.id = t.product_id",
    "immex.first.loading.chain": "JOIN immex_pedimento o ON o.id = t.original_id"
    " JOIN immex_pedimento v ON v.id = t.last_id",
    "immex.first.loading.passed": "JOIN immex_datastage_pedimento s"
    " ON s.id = t.datastage_id",
}
NUMBERS = ("integer", "float", "monetary")
OPTIONS = {
    "constant_memory": True,
    # a text from a file is a text, never a formula or a link
    "strings_to_formulas": False,
    "strings_to_urls": False,
}


def write_xlsx(loading, stream):
    """Write the report of ``loading`` to a binary ``stream``."""
    env = loading.env
    names = (
        env._("Before and After"),
        env._("Balance"),
        env._("Short"),
        env._("Rectifications"),
        env._("Passed Over"),
    )
    with xlsxwriter.Workbook(stream, OPTIONS) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "bottom": 1})
        for (model, columns, order), name in zip(SHEETS, names, strict=True):
            sheet = book.add_worksheet(name[:31])
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, len(columns) - 1, 18)
            kinds = [_field(env, model, column) for column in columns]
            for place, field in enumerate(kinds):
                sheet.write_string(0, place, field["string"], bold)
            for number, row in enumerate(_rows(env, model, columns, order, loading), 1):
                for place, (value, field) in enumerate(zip(row, kinds, strict=True)):
                    if value is None:
                        continue
                    if field["type"] in NUMBERS:
                        sheet.write_number(number, place, float(value))
                    elif field["type"] == "boolean":
                        sheet.write_boolean(number, place, value == "true")
                    else:
                        words = dict(field.get("selection") or ())
                        sheet.write_string(number, place, words.get(value, value))


def _field(env, model, column):
    name = OTHERS.get(column, (None, column))[1]
    return env[model].fields_get([name])[name]


def _rows(env, model, columns, order, loading):
    """Rows with their numbers as texts: the cursor would make floats of them."""
    table = model.replace(".", "_")
    source = f"{table} t {JOINS.get(model, '')}"
    wanted = ", ".join(
        f"({OTHERS.get(column, (f't.{column}',))[0]})::text AS {column}"
        for column in columns
    )
    # names of our own
    env.cr.execute(
        f"SELECT {wanted} FROM {source}"  # pylint: disable=sql-injection
        f" WHERE loading_id = %s ORDER BY {order}",
        (loading.id,),
    )
    while rows := env.cr.fetchmany(1000):
        yield from rows
