# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What a traceability file is about: the imports, exits and discharges of a record."""

from dataclasses import dataclass

from odoo.exceptions import UserError
from odoo.fields import Domain

IN_FORCE = Domain("superseded_run_id", "=", False)
DEPTH = 24  # levels of subassemblies


@dataclass(frozen=True)
class Root:
    """Domains on layers, exit lines, discharges and requirements.

    ``whole``: production is shown with all that the exits contain; else what lies on
    the way of the discharges.
    """

    layers: Domain
    exits: Domain
    discharges: Domain
    requirements: Domain
    whole: bool


def _versions(pedimentos):
    """Every version (R1) of these pedimentos."""
    first = (pedimentos.root_id | pedimentos.filtered(lambda p: not p.root_id)).ids
    return pedimentos.search(["|", ("id", "in", first), ("root_id", "in", first)])


def _of_pedimentos(records):
    field = Domain("pedimento_id", "in", _versions(records).ids)
    return field, field


def _by(field):
    return lambda records: (Domain(field, "in", records.ids),) * 2


def _of_partidas(records):
    # an exit is found by its goods: by the partida, every exit would be read
    goods = records.with_context(active_test=False).goods_ids
    return Domain("partida_id", "in", records.ids), Domain("goods_id", "in", goods.ids)


def _of_movements(records):
    goods = records.link_ids.goods_id.ids
    field = Domain("goods_id", "in", goods) | Domain("movement_id", "in", records.ids)
    return field, field


def _of_destructions(records):
    lines = records.line_ids.ids
    return Domain.FALSE, Domain("destruction_line_id", "in", lines)


# model -> domains on layers and on exit lines
SIDES = {
    "immex.pedimento": _of_pedimentos,
    "immex.pedimento.partida": _of_partidas,
    "immex.pedimento.goods": _by("goods_id"),
    "immex.layer": lambda records: (Domain("id", "in", records.ids), Domain.FALSE),
    "immex.exit.line": lambda records: (Domain.FALSE, Domain("id", "in", records.ids)),
    "immex.movement": _of_movements,
    "immex.destruction": _of_destructions,
    "immex.remesa": _by("remesa_line_id.remesa_id"),
}
SOURCES = (*SIDES, "immex.discharge", "immex.production.layer", "immex.finding")


def _of_finding(finding):
    """The record that a finding is about, of a kind that has a file."""
    for field in ("exit_line_id", "layer_id", "goods_id", "partida_id", "movement_id"):
        if finding[field]:
            return finding[field]
    if finding.production_id:
        made = finding.env["immex.production.layer"].search(
            [("production_id", "=", finding.sudo().production_id.id)]
        )
        if made:
            return made
    if finding.pedimento_id:
        return finding.pedimento_id
    raise UserError(
        finding.env._("This finding names no import, no exit and no production.")
    )


def asked(records):
    """The pedimentos among what a file is of, in their last version."""
    if records._name != "immex.pedimento":
        return records.env["immex.pedimento"]
    return records.current_id | records.filtered(lambda one: not one.current_id)


def root_of(records):
    """The :class:`Root` of records of one model of ``SOURCES``."""
    if records._name == "immex.finding":
        return root_of(_of_finding(records.ensure_one()))
    nothing = Domain.FALSE
    if records._name == "immex.discharge":
        # also one that is superseded: how the books stood
        return Root(nothing, nothing, Domain("id", "in", records.ids), nothing, False)
    if records._name == "immex.production.layer":
        path = "requirement_id."
        drew = [
            Domain(f"{prefix}{field}", "in", records.ids)
            for prefix in (path, "")
            for field in ("production_layer_id", "top_layer_id")
        ]
        return Root(
            nothing,
            nothing,
            IN_FORCE & (drew[0] | drew[1]),
            IN_FORCE & (drew[2] | drew[3]),
            False,
        )
    layers, exits = SIDES[records._name](records)
    env = records.env
    # most have one side only: of two, PostgreSQL would read the whole ledger
    if not env["immex.layer"].search_count(layers, limit=1):
        layers = nothing
    if not env["immex.exit.line"].search_count(exits, limit=1):
        exits = nothing
    discharges = requirements = nothing
    if not layers.is_false():
        discharges |= Domain("layer_id", "in", env["immex.layer"]._search(layers))
    if not exits.is_false():
        left = Domain("exit_line_id", "in", env["immex.exit.line"]._search(exits))
        discharges |= left
        requirements = left
    return Root(
        layers,
        exits,
        IN_FORCE & discharges,
        IN_FORCE & requirements,
        # an import shows the way of its material, an exit all that is in it
        layers.is_false(),
    )


def subselects(env, root):
    """The parameters of the statements of :mod:`trace_sql` that are of the root: ids
    that the reader may see, by Odoo's own rules."""

    def of(model, domain):
        return env[model]._search(domain).subselect()

    return {
        "layers": of("immex.layer", root.layers),
        "exits": of("immex.exit.line", root.exits),
        "discharges": of("immex.discharge", root.discharges),
        "requirements": of("immex.requirement", root.requirements),
        "whole": root.whole,
        "depth": DEPTH,
    }
