# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What the database itself guards, whoever writes (design: invariants).

A ledger row counts on its layer and on its requirement in the statement that inserts
it, under their CHECK constraints; a sum over rows would miss what another
transaction has not shown yet.
"""

from . import invariants_closed

STATEMENTS = (
    # ledger rows: never deleted, never changed but to be superseded, once
    """
CREATE OR REPLACE FUNCTION immex_ledger_guard() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' THEN
        RAISE EXCEPTION 'immex: ledger rows are never deleted (%)', TG_TABLE_NAME;
    END IF;
    IF OLD.superseded_run_id IS NOT NULL OR NEW.superseded_run_id IS NULL
       OR ROW(OLD.id, OLD.company_id, OLD.run_id, OLD.requirement_id, OLD.exit_line_id,
              OLD.layer_id, OLD.product_id, OLD.kind, OLD.exit_date, OLD.layer_from,
              OLD.quantity, OLD.qty_umc, OLD.qty_umt, OLD.value_usd,
              OLD.customs_value, OLD.late, OLD.after_consumption, OLD.chosen_by)
          IS DISTINCT FROM
          ROW(NEW.id, NEW.company_id, NEW.run_id, NEW.requirement_id, NEW.exit_line_id,
              NEW.layer_id, NEW.product_id, NEW.kind, NEW.exit_date, NEW.layer_from,
              NEW.quantity, NEW.qty_umc, NEW.qty_umt, NEW.value_usd,
              NEW.customs_value, NEW.late, NEW.after_consumption, NEW.chosen_by)
    THEN
        RAISE EXCEPTION 'immex: ledger row % may only be marked superseded', OLD.id;
    END IF;
    RETURN NEW;
END $$
""",
    """
CREATE OR REPLACE TRIGGER immex_ledger_guard
BEFORE UPDATE OR DELETE ON immex_discharge
FOR EACH ROW EXECUTE FUNCTION immex_ledger_guard()
""",
    """
CREATE OR REPLACE TRIGGER immex_ledger_guard_truncate
BEFORE TRUNCATE ON immex_discharge
FOR EACH STATEMENT EXECUTE FUNCTION immex_ledger_guard()
""",
    # counters of layers and requirements follow the ledger
    """
CREATE OR REPLACE FUNCTION immex_ledger_insert() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    bad integer;
BEGIN
{CLOSED}    UPDATE immex_layer l
       SET qty_discharged = l.qty_discharged + s.quantity
      FROM (SELECT layer_id, sum(quantity) AS quantity FROM new_rows
             GROUP BY layer_id) s
     WHERE l.id = s.layer_id;
    -- after the layers were written: until then another transaction may change them
    SELECT n.id INTO bad
      FROM new_rows n
      JOIN immex_discharge_run u ON u.id = n.run_id
      JOIN immex_layer l ON l.id = n.layer_id
      JOIN immex_requirement r ON r.id = n.requirement_id
      JOIN immex_exit_line e ON e.id = n.exit_line_id
     WHERE n.superseded_run_id IS NOT NULL
        OR u.state <> 'running'
        OR u.company_id <> n.company_id
        OR r.superseded_run_id IS NOT NULL
        OR r.exit_line_id <> n.exit_line_id
        OR r.kind <> n.kind
        OR e.date <> n.exit_date
        OR NOT l.active OR l.available_date > n.exit_date
        OR (l.product_id <> n.product_id
            AND (n.chosen_by <> 'equivalent' OR NOT EXISTS (
                SELECT FROM immex_equivalence_part a
                  JOIN immex_equivalence_part b USING (equivalence_id)
                 WHERE a.product_id = l.product_id AND a.company_id = n.company_id
                   AND b.product_id = n.product_id)))
        OR r.product_id <> n.product_id
        OR l.customs_status <> r.customs_status
        OR l.company_id <> n.company_id
        OR r.company_id <> n.company_id
        OR e.company_id <> n.company_id
     LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'immex: ledger row % does not fit its layer, requirement and'
            ' exit: product, status, company and dates must agree, no layer serves an'
            ' exit before it was available, and only a running run writes', bad;
    END IF;
    -- a requirement of the same run came with its sum
    SELECT r.id INTO bad
      FROM (SELECT requirement_id, run_id, sum(quantity) AS quantity FROM new_rows
             GROUP BY requirement_id, run_id) s
      JOIN immex_requirement r ON r.id = s.requirement_id AND r.run_id = s.run_id
     WHERE r.qty_discharged <> s.quantity
     LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'immex: the discharges of requirement % are not the quantity'
            ' that it says', bad;
    END IF;
    UPDATE immex_requirement r
       SET qty_discharged = r.qty_discharged + s.quantity,
           qty_shortage = r.qty_shortage - s.quantity
      FROM (SELECT requirement_id, run_id, sum(quantity) AS quantity FROM new_rows
             GROUP BY requirement_id, run_id) s
     WHERE r.id = s.requirement_id AND r.run_id <> s.run_id;
    RETURN NULL;
END $$
""",
    """
CREATE OR REPLACE TRIGGER immex_ledger_insert
AFTER INSERT ON immex_discharge REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION immex_ledger_insert()
""",
    """
CREATE OR REPLACE FUNCTION immex_ledger_supersede() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
{CLOSED}    UPDATE immex_layer l
       SET qty_discharged = l.qty_discharged - s.quantity
      FROM (SELECT layer_id, sum(quantity) AS quantity FROM new_rows
             GROUP BY layer_id) s
     WHERE l.id = s.layer_id;
    UPDATE immex_requirement r
       SET qty_discharged = r.qty_discharged - s.quantity,
           qty_shortage = r.qty_shortage + s.quantity
      FROM (SELECT requirement_id, sum(quantity) AS quantity FROM new_rows
             GROUP BY requirement_id) s
     WHERE r.id = s.requirement_id;
    RETURN NULL;
END $$
""",
    """
CREATE OR REPLACE TRIGGER immex_ledger_supersede
AFTER UPDATE ON immex_discharge REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION immex_ledger_supersede()
""",
    # requirements: counters belong to the triggers above, the rest stands
    """
CREATE OR REPLACE FUNCTION immex_requirement_guard() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' THEN
        RAISE EXCEPTION 'immex: requirements are never deleted';
    END IF;
    IF (ROW(OLD.qty_discharged, OLD.qty_shortage)
            IS DISTINCT FROM ROW(NEW.qty_discharged, NEW.qty_shortage)
        AND pg_trigger_depth() < 2)
       OR (OLD.superseded_run_id IS NOT NULL
           AND OLD.superseded_run_id IS DISTINCT FROM NEW.superseded_run_id)
       OR ROW(OLD.id, OLD.company_id, OLD.run_id, OLD.exit_line_id, OLD.product_id,
              OLD.customs_status, OLD.kind, OLD.top_layer_id, OLD.production_layer_id,
              OLD.consumption_id, OLD.unexplained, OLD.quantity, OLD.date,
              OLD.natural_key)
          IS DISTINCT FROM
          ROW(NEW.id, NEW.company_id, NEW.run_id, NEW.exit_line_id, NEW.product_id,
              NEW.customs_status, NEW.kind, NEW.top_layer_id, NEW.production_layer_id,
              NEW.consumption_id, NEW.unexplained, NEW.quantity, NEW.date,
              NEW.natural_key)
    THEN
        RAISE EXCEPTION 'immex: requirement % may only be marked superseded', OLD.id;
    END IF;
    IF NEW.superseded_run_id IS NOT NULL AND NEW.qty_discharged <> 0 THEN
        RAISE EXCEPTION 'immex: requirement % is superseded and has discharges', OLD.id;
    END IF;
    RETURN NEW;
END $$
""",
    """
CREATE OR REPLACE TRIGGER immex_requirement_guard
BEFORE UPDATE OR DELETE ON immex_requirement
FOR EACH ROW EXECUTE FUNCTION immex_requirement_guard()
""",
    """
CREATE OR REPLACE TRIGGER immex_requirement_guard_truncate
BEFORE TRUNCATE ON immex_requirement
FOR EACH STATEMENT EXECUTE FUNCTION immex_requirement_guard()
""",
    # what a new requirement says of its discharges is checked when its run ends; in a
    # table that this transaction filled, the planner sees no rows and would loop
    """
CREATE OR REPLACE FUNCTION immex_requirement_insert() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    bad integer;
BEGIN
    SELECT n.id INTO bad
      FROM new_rows n JOIN immex_discharge_run r ON r.id = n.run_id
     WHERE n.superseded_run_id IS NOT NULL
        OR n.qty_discharged <> 0 AND r.state <> 'running'
     LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'immex: requirement % is not of a running run', bad;
    END IF;
    RETURN NULL;
END $$
""",
    """
CREATE OR REPLACE TRIGGER immex_requirement_insert
AFTER INSERT ON immex_requirement REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION immex_requirement_insert()
""",
    """
CREATE OR REPLACE FUNCTION immex_run_end() RETURNS trigger
LANGUAGE plpgsql SET enable_nestloop = off AS $$
DECLARE
    bad integer;
BEGIN
    SELECT r.id INTO bad
      FROM immex_requirement r
      LEFT JOIN (SELECT requirement_id, sum(quantity) AS quantity
                   FROM immex_discharge
                  WHERE run_id = NEW.id AND superseded_run_id IS NULL
                  GROUP BY requirement_id) d ON d.requirement_id = r.id
     WHERE r.run_id = NEW.id AND r.superseded_run_id IS NULL
       AND r.qty_discharged <> COALESCE(d.quantity, 0)
     LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'immex: requirement % has not the discharges that it says', bad;
    END IF;
    RETURN NULL;
END $$
""",
    """
CREATE OR REPLACE TRIGGER immex_run_end
AFTER UPDATE OF state ON immex_discharge_run FOR EACH ROW
WHEN (OLD.state = 'running' AND NEW.state <> 'running')
EXECUTE FUNCTION immex_run_end()
""",
    # which a run that never ends would leave out
    """
CREATE OR REPLACE FUNCTION immex_run_published() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM immex_discharge_run
                WHERE id = NEW.id AND state = 'running')
    THEN
        RAISE EXCEPTION 'immex: run % is published when it has ended', NEW.id;
    END IF;
    RETURN NULL;
END $$
""",
    "DROP TRIGGER IF EXISTS immex_run_published ON immex_discharge_run",
    """
CREATE CONSTRAINT TRIGGER immex_run_published
AFTER INSERT OR UPDATE ON immex_discharge_run DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (NEW.state = 'running') EXECUTE FUNCTION immex_run_published()
""",
    # layers: the counter belongs to the ledger; a layer in use keeps what it is
    """
CREATE OR REPLACE FUNCTION immex_layer_guard() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.qty_discharged <> 0 THEN
            RAISE EXCEPTION 'immex: a new layer has discharged nothing';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'immex: layers are never deleted, only set inactive';
    END IF;
    IF OLD.qty_discharged <> NEW.qty_discharged AND pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'immex: the discharged quantity of layer % follows the'
            ' ledger', OLD.id;
    END IF;
    IF OLD.qty_discharged <> 0 AND pg_trigger_depth() < 2
       AND ROW(OLD.company_id, OLD.product_id, OLD.customs_status,
               OLD.available_date, OLD.quantity, OLD.active)
           IS DISTINCT FROM
           ROW(NEW.company_id, NEW.product_id, NEW.customs_status,
               NEW.available_date, NEW.quantity, NEW.active)
    THEN
        RAISE EXCEPTION 'immex: layer % has discharges; supersede them first', OLD.id;
    END IF;
    RETURN NEW;
END $$
""",
    """
CREATE OR REPLACE TRIGGER immex_layer_guard
BEFORE INSERT OR UPDATE OR DELETE ON immex_layer
FOR EACH ROW EXECUTE FUNCTION immex_layer_guard()
""",
)

FUNCTIONS = (
    "immex_ledger_guard",
    "immex_ledger_insert",
    "immex_ledger_supersede",
    "immex_requirement_guard",
    "immex_requirement_insert",
    "immex_run_end",
    "immex_run_published",
    "immex_layer_guard",
    *invariants_closed.FUNCTIONS,
)


def install(cr):
    """Create or replace the functions and triggers of the ledger."""
    # room for the counter's new versions beside the old ones
    cr.execute("ALTER TABLE immex_layer SET (fillfactor = 80)")
    invariants_closed.install(cr)
    for statement in STATEMENTS:
        cr.execute(statement.replace("{CLOSED}", invariants_closed.CLOSED))
