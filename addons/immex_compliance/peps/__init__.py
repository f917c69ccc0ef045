# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The PEPS (FIFO) kernel: which supply serves which demand, and what it was made of.

It knows supply and demand, nothing of customs. It works on tables given by name
(``table`` or ``schema.table``, temporary or not) over a plain DB-API cursor; it needs
psycopg2 and PostgreSQL 15, not Odoo. No quantity is ever fetched: what comes to
Python are counts, and the id that an error names. It neither commits nor locks.

A result table that is not there is made, as a temporary table; one that is there is
added to. Working tables are temporary, begin with ``peps_`` and are dropped at the
end. Tables with more than some thousand rows should be ANALYZEd by the caller; an id
column with a unique index is not checked again for repeated values.

``allocate(cr, supply, demand, result, choice)``
================================================

supply
    ``supply_id`` bigint, unique; ``stack`` bigint: a demand is served from its own
    stack; ``rank`` bigint, unique in the stack: the order in which supplies are
    taken; ``qty`` numeric >= 0; ``available_at`` date or timestamp: serves no demand
    before it; ``expires_at`` date or null (the column may be left out)
demand
    ``demand_id`` bigint, unique; ``stack``; ``rank`` bigint, unique in the stack: the
    order in which demands are served; ``qty`` numeric >= 0; ``at``, of the type of
    ``available_at``; ``only_unexpired`` boolean: takes no supply that expired before
    the day of ``at``; ``only_expired`` boolean: takes no other (both may be left out)
choice (optional)
    what orders of rank do not decide: ``demand_id`` bigint or null, ``supply_id``
    bigint, ``qty`` numeric > 0 or null. Without quantity: the demand names supplies,
    and takes these alone, in the order of their rank. With one: a hold, so much of the
    supply is kept for that demand, which takes it first; what it leaves of it is free
    after its turn. A hold without demand is for one that is not there yet. Holds count
    as far as the supply goes, whatever the dates of demands before
result
    ``stack, supply_id, demand_id`` bigint and numeric ``qty``, above zero, one row
    per pair, two where a part of it was held; ``supply_from, supply_to``: the piece on
    the supply's own axis from 0 to its quantity, in the order of taking;
    ``demand_from, demand_to``: the same on the demand's axis

Demands in the order of their rank take greedily from the supplies in the order of
theirs. What is not served then is a shortage, the tail of the demand's axis: no later
supply makes up for it. ``shortages(cr, demand, allocation, result)`` lists them.

A moment with time zone is refused: the answer would depend on the session. Ranks are
the caller's, made from natural keys, so that the same goods give the same answer
whatever their ids and whatever order they came in.

``explode(cr, seed, node, input, edge, result, ...)``
=====================================================

node
    a production layer: ``node_id`` bigint, unique; ``product`` bigint; ``qty``
    numeric > 0, its output
input
    what a node drew: ``input_id`` bigint, unique; ``node_id``; ``product``;
    ``produced`` boolean: it was made here, so it has nodes of its own; a numeric
    column >= 0 for each name in ``kinds`` and ``kept``. Its axis is their sum, the
    kinds laid end to end in that order
edge
    which nodes a produced input came from: ``input_id``, ``node_id`` bigint,
    ``input_from, input_to, node_from, node_to`` numeric. This is what ``allocate``
    gives for production layers as supply and the drawn sums of produced inputs as
    demand; the edges of an input follow each other from 0
seed
    pieces of nodes that left: ``exit_id``, ``node_id`` bigint, ``node_from, node_to``
    numeric. This is what ``allocate`` gives with exits as demand. Exits and produced
    inputs of one product compete: they are demands of one call
input_seed (optional)
    pieces of inputs that left by themselves, as waste does: ``exit_id``, ``input_id``
    bigint, ``input_from, input_to`` numeric, ``kind`` text
result
    ``exit_id``; ``top_node_id``, the node that the exit left from; ``node_id``, the
    node that drew the input; ``input_id``; ``product``; ``kind``; ``level``, 1 for
    the inputs of the top node; ``qty`` numeric, above zero; ``unexplained`` boolean;
    ``reason``. One row per all of these but ``qty``

Piece [a, b] of a node with output Q requires R(b) - R(a) of an input's quantity c of a
kind in ``kinds``; R(p) is c p / Q rounded half up at ``digits`` decimals but not above
c, and R(Q) is c. The pieces of a node therefore add up to c once all of it left,
however it was cut. Positions on the way down are rounded the same way at
``axis_digits``. Quantities in ``kept`` are required by no exit of the output, but they
hold their part of the nodes that the input came from. Below a link of a later kind
everything is of that kind: the material of a subassembly that was lost as merma is
merma.

Two rows are ``unexplained``. ``no_production``: a produced input, or part of it, has no
edge; the row is on the produced input's product, with ``input_id`` and without
``node_id``. ``no_composition``: a node has no input at all; the row is on the node's
product, with ``node_id`` and without ``input_id``. What an exit has no seed for is not
seen here: it is a shortage of the allocation.
"""

from .allocation import Allocated, allocate, shortages
from .errors import PepsCycleError, PepsError, PepsInputError
from .explosion import Exploded, explode

__all__ = [
    "Allocated",
    "Exploded",
    "PepsCycleError",
    "PepsError",
    "PepsInputError",
    "allocate",
    "explode",
    "shortages",
]
