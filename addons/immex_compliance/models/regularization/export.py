# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The calculation of a proposal as a workbook."""

from odoo.tools import SQL

from ..reconciliation.workbook import write_workbook
from .sources_sql import decimal

AMOUNTS = (
    "base",
    "rate",
    "amount",
    "paid",
    "factor",
    "updated",
    "months",
    "rate_sum",
    "surcharge",
    "payable",
)


def write_calculation(proposal, stream):
    """Write the calculation to a binary ``stream``: facts, contributions, fines."""
    proposal.ensure_one()
    proposal.check_access("read")
    labels = proposal.env["immex.regularization.line"].fields_get(
        ["role", "contribution_id", "kind", *AMOUNTS]
    )
    heads = [
        (labels["role"]["string"], 26),
        ("", 44),
        (labels["kind"]["string"], 14),
    ]
    heads += [(labels[name]["string"], 15) for name in AMOUNTS]
    title = proposal.env._(
        "%(company)s: %(proposal)s, paid on %(date)s",
        company=proposal.company_id.name,
        proposal=proposal.display_name,
        date=proposal.payment_date,
    )
    write_workbook(stream, title, heads, _rows(proposal, labels))


def _rows(proposal, labels):
    yield from _fact_rows(proposal)
    roles = dict(labels["role"]["selection"])
    kinds = dict(labels["kind"]["selection"])
    proposal.env.flush_all()
    columns = SQL(", ").join(
        SQL("trim_scale(l.%s::numeric)::text", SQL.identifier(name)) for name in AMOUNTS
    )
    for role, name, kind, *amounts in proposal.env.execute_query(
        SQL(
            """SELECT l.role, concat_ws(' ', l.code, c.name), l.kind, %s
                 FROM immex_regularization_line l
                 LEFT JOIN immex_contribution c ON c.id = l.contribution_id
                WHERE l.regularization_id = %s ORDER BY l.role, l.sequence""",
            columns,
            proposal.id,
        )
    ):
        yield (roles[role], name, kinds[kind], *map(decimal, amounts))
    yield ()
    fines = proposal.env["immex.regularization.fine"].fields_get(
        ["role", "lowest", "highest", "counts"]
    )
    fine_roles = dict(fines["role"]["selection"])
    yield (
        fines["role"]["string"],
        None,
        None,
        fines["lowest"]["string"],
        fines["highest"]["string"],
        fines["counts"]["string"],
    )
    for fine in proposal.fine_ids:
        yield (
            fine_roles[fine.role],
            f"{fine.fine_id.article} {fine.fine_id.name}",
            None,
            fine.lowest,
            fine.highest,
            "X" if fine.counts else None,
        )
    yield ()
    for name in (
        "total",
        "fine_min",
        "fine_max",
        "cost_min",
        "cost_max",
        "idle_total",
        "idle_fine_min",
        "idle_fine_max",
        "idle_cost_min",
        "idle_cost_max",
        "saving_min",
        "saving_max",
    ):
        label = proposal.fields_get([name])[name]["string"]
        yield (label, None, None, proposal[name])


def _fact_rows(proposal):
    """What the calculation starts from, and what the law says of it."""
    described = proposal.fields_get()
    for name in (
        "kind",
        "path",
        "audit",
        "complement",
        "fraccion",
        "nico",
        "quantity",
        "customs_value",
        "commercial_value",
        "start_date",
        "payment_date",
        "igi_source",
        "rate_note",
        "ground",
        "problem",
        "caution",
        "filed_number",
    ):
        value = proposal[name]
        if described[name]["type"] == "selection" and value:
            value = dict(described[name]["selection"])[value]
        if value or name in ("customs_value",):
            yield (described[name]["string"], value)
    yield ()
