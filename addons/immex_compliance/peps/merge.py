# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Allocation demand by demand, for stacks where no single order rules.

Named and held supplies, demands that refuse expired supplies, supplies whose rank is
not their order of arrival. Runs in the server, in a function of the session's temporary
schema: no quantity crosses to the client. One stack is in memory at a time.

Python over COPY was measured at some two thirds of the time, but needs a cursor that
can COPY (Odoo's wait callback forbids it) and the whole stack twice in memory.

Each demand takes the first supply of the stack that it may take, again and again.
The first supply that is not used up is tried by itself, which is nearly always
enough. Else a tree over the supplies finds it: a node bears the earliest arrival
and the latest expiry below it, so whole branches are passed over. A supply that
is used up never arrives and expired long ago.
"""

from .tables import run

MERGE_SUPPLY = "peps_merge_supply"
MERGE_DEMAND = "peps_merge_demand"

# ``held``: kept for somebody, by holds that do not go beyond the supply.
MAKE_SUPPLY = """
    CREATE TEMP TABLE peps_merge_supply AS
    SELECT stack, supply_id, qty, available_at::timestamp AS available_at,
           coalesce({expires_at}, 'infinity') AS expires_at,
           row_number() OVER (PARTITION BY stack ORDER BY rank)::integer AS place,
           coalesce(hold.held, 0) AS held
    FROM {supply}
    JOIN peps_stack USING (stack)
    LEFT JOIN (
        SELECT supply_id, sum(qty) AS held FROM {choice}
        WHERE qty IS NOT NULL GROUP BY supply_id
    ) AS hold USING (supply_id)
    WHERE NOT in_flow
"""
# ``places``: of the supplies that it names; one that is not in the stack is none.
MAKE_DEMAND = """
    CREATE TEMP TABLE peps_merge_demand AS
    SELECT demand.*, chosen.places, chosen.held_places, chosen.held
    FROM (
        SELECT stack, demand_id, rank, qty, at::timestamp AS at,
               {only_unexpired} AS only_unexpired, {only_expired} AS only_expired
        FROM {demand}
        JOIN peps_stack USING (stack)
        WHERE NOT in_flow AND qty > 0
    ) AS demand
    LEFT JOIN (
        SELECT choice.demand_id,
               CASE WHEN bool_or(choice.qty IS NULL) THEN
                   coalesce(array_agg(supply.place ORDER BY supply.place)
                       FILTER (WHERE choice.qty IS NULL
                               AND supply.place IS NOT NULL), '{{}}')
               END AS places,
               array_agg(supply.place ORDER BY supply.place, choice.qty)
                   FILTER (WHERE choice.qty IS NOT NULL AND supply.place IS NOT NULL)
                   AS held_places,
               array_agg(choice.qty ORDER BY supply.place, choice.qty)
                   FILTER (WHERE choice.qty IS NOT NULL AND supply.place IS NOT NULL)
                   AS held
        FROM {choice} AS choice
        JOIN {demand} AS asked USING (demand_id)
        LEFT JOIN peps_merge_supply AS supply
            ON supply.supply_id = choice.supply_id AND supply.stack = asked.stack
        GROUP BY choice.demand_id
    ) AS chosen USING (demand_id)
"""
INDEX_SUPPLY = "CREATE INDEX ON pg_temp.peps_merge_supply (stack, place)"

MAKE_FUNCTION = """
CREATE OR REPLACE FUNCTION pg_temp.peps_merge() RETURNS TABLE (
    stack bigint, supply_id bigint, demand_id bigint, qty numeric,
    supply_from numeric, supply_to numeric,
    demand_from numeric, demand_to numeric
) LANGUAGE plpgsql AS $merge$
DECLARE
    line record;
    ids bigint[];           -- the stack's supplies, in rank order
    sizes numeric[];
    limits numeric[];       -- how far each serves who has no hold on it
    taken numeric[];        -- what went from each so far
    arrivals timestamp[];
    expiries date[];
    total integer := 0;
    head integer := 1;      -- the first supply that is not used up
    leaves integer := 0;    -- of the tree, a power of two; 0 where there is none
    earliest timestamp[];   -- the tree: node n has 2n and 2n + 1 below it
    latest date[];
    soonest date[];         -- the earliest expiry below
    node integer;
    place integer;
    chosen integer;         -- how many of the named supplies were looked at
    expires_from date;      -- a supply must not expire before it
    expires_upto date;      -- nor after it
    wanted numeric;
    piece numeric;
BEGIN
    FOR line IN
        SELECT demand.stack, demand.demand_id, demand.qty, demand.at,
               demand.only_unexpired, demand.only_expired, demand.places,
               demand.held_places, demand.held
        FROM pg_temp.peps_merge_demand AS demand
        ORDER BY demand.stack, demand.rank
    LOOP
        IF line.stack IS DISTINCT FROM stack THEN
            stack := line.stack;
            SELECT count(*), array_agg(supply.supply_id ORDER BY supply.place),
                   array_agg(supply.qty ORDER BY supply.place),
                   array_agg(supply.qty - supply.held ORDER BY supply.place),
                   array_agg(0::numeric ORDER BY supply.place),
                   array_agg(supply.available_at ORDER BY supply.place),
                   array_agg(supply.expires_at ORDER BY supply.place)
            INTO total, ids, sizes, limits, taken, arrivals, expiries
            FROM pg_temp.peps_merge_supply AS supply
            WHERE supply.stack = line.stack;
            head := 1;
            leaves := 0;
        END IF;
        demand_id := line.demand_id;
        wanted := line.qty;
        demand_to := 0;
        expires_from := CASE WHEN line.only_unexpired THEN line.at::date
                             ELSE '-infinity' END;
        expires_upto := CASE WHEN line.only_expired THEN line.at::date - 1
                             ELSE 'infinity' END;
        -- first what is held for it; what it leaves of that is free from now on
        FOR i IN 1 .. coalesce(cardinality(line.held), 0) LOOP
            place := line.held_places[i];
            limits[place] := limits[place] + line.held[i];
            head := least(head, place);
            leaves := 0;
            piece := least(wanted, line.held[i], sizes[place] - taken[place]);
            CONTINUE WHEN piece <= 0 OR arrivals[place] > line.at
                OR expiries[place] < expires_from OR expiries[place] > expires_upto;
            supply_id := ids[place];
            qty := piece;
            supply_from := taken[place];
            supply_to := supply_from + piece;
            demand_from := demand_to;
            demand_to := demand_from + piece;
            RETURN NEXT;
            taken[place] := supply_to;
            wanted := wanted - piece;
        END LOOP;
        chosen := 0;
        WHILE wanted > 0 LOOP
            WHILE head <= total AND taken[head] >= limits[head] LOOP
                head := head + 1;
            END LOOP;
            EXIT WHEN head > total;

            IF line.places IS NOT NULL THEN
                chosen := chosen + 1;
                EXIT WHEN chosen > cardinality(line.places);
                place := line.places[chosen];
                CONTINUE WHEN taken[place] >= limits[place]
                    OR arrivals[place] > line.at OR expiries[place] < expires_from
                    OR expiries[place] > expires_upto;
            ELSIF arrivals[head] <= line.at AND expiries[head] >= expires_from
                AND expiries[head] <= expires_upto
            THEN
                place := head;
            ELSE
                IF leaves = 0 THEN
                    leaves := 1;
                    WHILE leaves < total LOOP
                        leaves := leaves * 2;
                    END LOOP;
                    earliest := array_fill('infinity'::timestamp, ARRAY[2 * leaves]);
                    latest := array_fill('-infinity'::date, ARRAY[2 * leaves]);
                    soonest := array_fill('infinity'::date, ARRAY[2 * leaves]);
                    FOR i IN head .. total LOOP
                        IF taken[i] < limits[i] THEN
                            earliest[leaves + i - 1] := arrivals[i];
                            latest[leaves + i - 1] := expiries[i];
                            soonest[leaves + i - 1] := expiries[i];
                        END IF;
                    END LOOP;
                    FOR i IN REVERSE leaves - 1 .. 1 LOOP
                        earliest[i] := least(earliest[2 * i], earliest[2 * i + 1]);
                        latest[i] := greatest(latest[2 * i], latest[2 * i + 1]);
                        soonest[i] := least(soonest[2 * i], soonest[2 * i + 1]);
                    END LOOP;
                END IF;
                node := 1;
                LOOP
                    IF earliest[node] <= line.at AND latest[node] >= expires_from
                        AND soonest[node] <= expires_upto
                    THEN
                        EXIT WHEN node >= leaves;
                        node := 2 * node;
                    ELSE
                        WHILE node > 1 AND mod(node, 2) = 1 LOOP
                            node := node / 2;
                        END LOOP;
                        EXIT WHEN node = 1;
                        node := node + 1;
                    END IF;
                END LOOP;
                EXIT WHEN node < leaves OR NOT (
                    earliest[node] <= line.at AND latest[node] >= expires_from
                    AND soonest[node] <= expires_upto
                );
                place := node - leaves + 1;
            END IF;

            piece := least(wanted, limits[place] - taken[place]);
            ASSERT piece > 0, 'a piece of nothing: this would never end';
            supply_id := ids[place];
            qty := piece;
            supply_from := taken[place];
            supply_to := supply_from + piece;
            demand_from := demand_to;
            demand_to := demand_from + piece;
            RETURN NEXT;
            taken[place] := supply_to;
            wanted := wanted - piece;
            IF leaves > 0 AND supply_to >= limits[place] THEN
                node := leaves + place - 1;
                earliest[node] := 'infinity';
                latest[node] := '-infinity';
                soonest[node] := 'infinity';
                WHILE node > 1 LOOP
                    node := node / 2;
                    earliest[node] :=
                        least(earliest[2 * node], earliest[2 * node + 1]);
                    latest[node] :=
                        greatest(latest[2 * node], latest[2 * node + 1]);
                    soonest[node] := least(soonest[2 * node], soonest[2 * node + 1]);
                END LOOP;
            END IF;
        END LOOP;
    END LOOP;
END
$merge$
"""
DROP_FUNCTION = "DROP FUNCTION pg_temp.peps_merge()"

ADD_PIECES = """
    INSERT INTO {result} (stack, supply_id, demand_id, qty,
                          supply_from, supply_to, demand_from, demand_to)
    SELECT stack, supply_id, demand_id, qty,
           supply_from, supply_to, demand_from, demand_to
    FROM pg_temp.peps_merge()
"""


def add_pieces(cr, supply, demand, choice, result):
    """Append the allocations of the stacks that ``peps_stack`` marks not in_flow.

    :return: number of rows
    """
    run(
        cr,
        MAKE_SUPPLY,
        supply=supply.identifier,
        expires_at=supply.column("expires_at"),
        choice=choice.identifier,
    )
    cr.execute(INDEX_SUPPLY)
    run(
        cr,
        MAKE_DEMAND,
        demand=demand.identifier,
        only_unexpired=demand.column("only_unexpired"),
        only_expired=demand.column("only_expired"),
        choice=choice.identifier,
    )
    cr.execute("ANALYZE pg_temp.peps_merge_supply, pg_temp.peps_merge_demand")
    cr.execute(MAKE_FUNCTION)
    run(cr, ADD_PIECES, result=result)
    added = cr.rowcount
    cr.execute(DROP_FUNCTION)
    return added
