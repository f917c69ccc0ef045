# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Consolidated pedimentos that were recorded when they were opened: the broker's file
fills them when they close, and their remesas stay."""

from .m3_rows import CHILDREN

# Of ``p``: opened by hand, and nothing has come yet.
OPENED = """(
    p.consolidated AND p.file_id IS NULL
    AND NOT EXISTS (
        SELECT FROM immex_pedimento_partida a WHERE a.pedimento_id = p.id))"""


def record(env, headers, opened):
    """Write the headers; return their pedimentos in the same order.

    :param list headers: values of each pedimento
    :param list opened: for each the id of the opened one that it closes, or None.
        What a person wrote there stays where the file says nothing; identifiers and
        the like are the file's.
    """
    pedimentos = env["immex.pedimento"]
    made = iter(
        pedimentos.create(
            [
                header
                for header, opened_id in zip(headers, opened, strict=True)
                if not opened_id
            ]
        )
    )
    result = pedimentos.browse(opened_id or next(made).id for opened_id in opened)
    closing = [pair for pair in zip(result, headers, opened, strict=True) if pair[2]]
    if closing:
        filled = pedimentos.concat(*(pedimento for pedimento, _h, _o in closing))
        for name in CHILDREN:
            env[name].search([("pedimento_id", "in", filled.ids)]).unlink()
    for pedimento, header, _opened in closing:
        pedimento.write(
            {
                name: value
                for name, value in header.items()
                if value not in (None, False, "") and name != "company_id"
            }
        )
    return result
