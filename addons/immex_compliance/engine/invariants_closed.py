# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What the database guards of closed periods: no ledger row comes into one or leaves
it, also where one transaction closes it while another writes."""

# Every change of a company's ledger, and every closing, writes the company's gate: who
# closes and who writes at the same time wait for each other, and the later one sees
# what the first did, or fails to serialize.
GATE = """
CREATE TABLE IF NOT EXISTS immex_ledger_gate (
    company_id integer PRIMARY KEY REFERENCES res_company ON DELETE CASCADE,
    changes bigint NOT NULL
)
"""
PASS = """
    INSERT INTO immex_ledger_gate AS g (company_id, changes)
    SELECT DISTINCT company_id, 1 FROM new_rows ORDER BY company_id
    ON CONFLICT (company_id) DO UPDATE SET changes = g.changes + 1;
"""
CLOSED = f"""{PASS}    IF EXISTS (
        SELECT FROM new_rows n
          JOIN immex_period_seal s
            ON s.company_id = n.company_id AND s.state = 'closed'
           AND n.exit_date <= s.date_to)
    THEN
        RAISE EXCEPTION 'immex: the period is closed; reopen it to change its ledger';
    END IF;
"""

STATEMENTS = (
    # seals: never deleted, never changed but to be reopened, once
    """
CREATE OR REPLACE FUNCTION immex_seal_guard() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' THEN
        RAISE EXCEPTION 'immex: seals of periods are never deleted';
    END IF;
    IF OLD.state <> NEW.state AND NEW.state <> 'reopened'
       OR ROW(OLD.id, OLD.company_id, OLD.date_from, OLD.date_to, OLD.version,
              OLD.run_id, OLD.row_count, OLD.sha256, OLD.previous_id, OLD.closed_by,
              OLD.closed_at)
          IS DISTINCT FROM
          ROW(NEW.id, NEW.company_id, NEW.date_from, NEW.date_to, NEW.version,
              NEW.run_id, NEW.row_count, NEW.sha256, NEW.previous_id, NEW.closed_by,
              NEW.closed_at)
    THEN
        RAISE EXCEPTION 'immex: seal % may only be marked reopened', OLD.id;
    END IF;
    RETURN NEW;
END $$
""",
    """
CREATE OR REPLACE TRIGGER immex_seal_guard
BEFORE UPDATE OR DELETE ON immex_period_seal
FOR EACH ROW EXECUTE FUNCTION immex_seal_guard()
""",
    """
CREATE OR REPLACE TRIGGER immex_seal_guard_truncate
BEFORE TRUNCATE ON immex_period_seal
FOR EACH STATEMENT EXECUTE FUNCTION immex_seal_guard()
""",
    """
CREATE OR REPLACE FUNCTION immex_seal_insert() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
{PASS}    RETURN NULL;
END $$
""",
    """
CREATE OR REPLACE TRIGGER immex_seal_insert
AFTER INSERT ON immex_period_seal REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION immex_seal_insert()
""",
)

FUNCTIONS = ("immex_seal_guard", "immex_seal_insert")


def install(cr):
    """Create the gate, and create or replace the functions and triggers of seals."""
    cr.execute(GATE)
    for statement in STATEMENTS:
        cr.execute(statement.replace("{PASS}", PASS))
