# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What the database itself guards in the by-value ledger, whoever writes.

A row counts on its layer (``value_given``) in the statement that inserts it, under the
layer's value; a sum over rows would miss what another transaction has not shown yet.
"""

from .invariants_closed import CLOSED

STATEMENTS = (
    """
CREATE OR REPLACE FUNCTION immex_value_guard() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' THEN
        RAISE EXCEPTION 'immex: ledger rows are never deleted (%)', TG_TABLE_NAME;
    END IF;
    IF OLD.superseded_run_id IS NOT NULL OR NEW.superseded_run_id IS NULL
       OR to_jsonb(OLD) - 'superseded_run_id' <> to_jsonb(NEW) - 'superseded_run_id'
    THEN
        RAISE EXCEPTION 'immex: ledger row % may only be marked superseded', OLD.id;
    END IF;
    RETURN NEW;
END $$
""",
    """
CREATE OR REPLACE TRIGGER immex_value_guard
BEFORE UPDATE OR DELETE ON immex_value_discharge
FOR EACH ROW EXECUTE FUNCTION immex_value_guard()
""",
    """
CREATE OR REPLACE TRIGGER immex_value_guard_truncate
BEFORE TRUNCATE ON immex_value_discharge
FOR EACH STATEMENT EXECUTE FUNCTION immex_value_guard()
""",
    """
CREATE OR REPLACE FUNCTION immex_value_insert() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    bad integer;
BEGIN
    SELECT n.id INTO bad
      FROM new_rows n
      JOIN immex_requirement r ON r.id = n.requirement_id
      LEFT JOIN immex_layer l ON l.id = n.layer_id
     WHERE n.superseded_run_id IS NOT NULL
        OR r.superseded_run_id IS NOT NULL
        OR r.exit_line_id <> n.exit_line_id
        OR r.kind <> n.kind
        OR r.date <> n.exit_date
        OR r.company_id <> n.company_id
        OR n.year <> date_part('year', n.exit_date)
        OR l.available_date > n.exit_date
        OR l.customs_status <> r.customs_status
        OR l.company_id <> n.company_id
     LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'immex: by-value row % does not fit its layer, requirement and'
            ' exit: status, company and dates must agree, and no layer serves an exit'
            ' before it was available', bad;
    END IF;
{CLOSED}    UPDATE immex_layer l
       SET value_given = COALESCE(l.value_given, 0) + s.value
      FROM (SELECT layer_id, sum(value) AS value FROM new_rows
             WHERE layer_id IS NOT NULL GROUP BY layer_id) s
     WHERE l.id = s.layer_id;
    SELECT l.id INTO bad
      FROM (SELECT DISTINCT layer_id, currency FROM new_rows) n
      JOIN immex_layer l ON l.id = n.layer_id
     WHERE l.value_given
           > COALESCE(CASE n.currency WHEN 'usd' THEN l.value_usd
                      ELSE l.customs_value END, 0)
     LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'immex: layer % gives more value than it has', bad;
    END IF;
    RETURN NULL;
END $$
""",
    """
CREATE OR REPLACE TRIGGER immex_value_insert
AFTER INSERT ON immex_value_discharge REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION immex_value_insert()
""",
    """
CREATE OR REPLACE FUNCTION immex_value_supersede() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
{CLOSED}    UPDATE immex_layer l
       SET value_given = l.value_given - s.value
      FROM (SELECT layer_id, sum(value) AS value FROM new_rows
             WHERE layer_id IS NOT NULL GROUP BY layer_id) s
     WHERE l.id = s.layer_id;
    RETURN NULL;
END $$
""",
    """
CREATE OR REPLACE TRIGGER immex_value_supersede
AFTER UPDATE ON immex_value_discharge REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION immex_value_supersede()
""",
    # the counter is the ledger's
    """
CREATE OR REPLACE FUNCTION immex_layer_value_guard() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'immex: the value discharged of a layer follows the ledger';
END $$
""",
    """
CREATE OR REPLACE TRIGGER immex_layer_value_guard
BEFORE UPDATE OF value_given ON immex_layer FOR EACH ROW
WHEN (COALESCE(OLD.value_given, 0) <> COALESCE(NEW.value_given, 0)
      AND pg_trigger_depth() < 1)
EXECUTE FUNCTION immex_layer_value_guard()
""",
    """
CREATE OR REPLACE TRIGGER immex_layer_value_guard_insert
BEFORE INSERT ON immex_layer FOR EACH ROW WHEN (NEW.value_given <> 0)
EXECUTE FUNCTION immex_layer_value_guard()
""",
)

FUNCTIONS = (
    "immex_value_guard",
    "immex_value_insert",
    "immex_value_supersede",
    "immex_layer_value_guard",
)


def install(cr):
    """Create or replace the functions and triggers of the by-value ledger."""
    for statement in STATEMENTS:
        cr.execute(statement.replace("{CLOSED}", CLOSED))
