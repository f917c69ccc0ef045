# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The queue of changed facts, which triggers feed: an insert, no more.

``write_date`` misses what commits late, so a fact that changes puts its id into
``immex_change`` in its own transaction; a run takes the rows that its snapshot shows
and deletes them when it publishes. Nobody waits for anybody: there is no foreign key
and no unique index. Companies without an IMMEX programme feed nothing.

Kinds: ``L`` stock move line, ``K`` transfer, ``O`` production order, ``T`` lot,
``G`` pedimento, ``D`` destruction,
``P`` period consumption, ``R`` layer whose reservations changed, ``A``
everything (a rule or a setting changed).
"""

# What a stock move line is to the engine, in Odoo's columns.
LINE = (
    "state, quantity_product_uom, date, product_id, lot_id, owner_id, location_id,"
    " location_dest_id, picking_id, move_id, company_id"
)
PICKING = (
    "immex_pedimento_id, immex_remesa_id, immex_event_date, immex_customs_status,"
    " partner_id, name"
)
ORDER = "immex_event_date, name, date_start, date_finished, subcontractor_id"
MOVE = (
    "immex_merma_qty, immex_waste_qty, immex_waste_product_id, scrap_id, partner_id,"
    " raw_material_production_id, production_id, cost_share"
)


def _row(columns, row):
    return ", ".join(f"{row}.{name.strip()}" for name in columns.split(","))


def _differs(columns):
    return f"ROW({_row(columns, 'OLD')}) IS DISTINCT FROM ROW({_row(columns, 'NEW')})"


FUNCTIONS = {
    # one row of a table of Odoo's: kind, the column that is its id
    "immex_note_change": """
DECLARE
    line record := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
BEGIN
    INSERT INTO immex_change (company_id, kind, ref_id)
    SELECT line.company_id, TG_ARGV[0], line.id
     WHERE EXISTS (SELECT FROM immex_program g
                    WHERE g.company_id = line.company_id AND g.kind = 'immex');
    RETURN NULL;
END""",
    # a stock move tells of its lines and of its order
    "immex_note_move": """
BEGIN
    INSERT INTO immex_change (company_id, kind, ref_id)
    SELECT NEW.company_id, s.kind, s.id
      FROM (SELECT 'O' AS kind, NEW.raw_material_production_id AS id
            UNION SELECT 'O', NEW.production_id
            UNION SELECT 'O', OLD.raw_material_production_id
            UNION SELECT 'O', OLD.production_id
            UNION SELECT 'L', l.id FROM stock_move_line l WHERE l.move_id = NEW.id) s
     WHERE s.id IS NOT NULL
       AND EXISTS (SELECT FROM immex_program g
                    WHERE g.company_id = NEW.company_id AND g.kind = 'immex');
    RETURN NULL;
END""",
    # a done line that goes takes the name of its order with it
    "immex_note_line_gone": """
BEGIN
    INSERT INTO immex_change (company_id, kind, ref_id)
    SELECT OLD.company_id, s.kind, s.id
      FROM (SELECT 'L' AS kind, OLD.id
            UNION SELECT 'O', m.raw_material_production_id
              FROM stock_move m WHERE m.id = OLD.move_id
            UNION SELECT 'O', m.production_id
              FROM stock_move m WHERE m.id = OLD.move_id) s
     WHERE s.id IS NOT NULL
       AND EXISTS (SELECT FROM immex_program g
                    WHERE g.company_id = OLD.company_id AND g.kind = 'immex');
    RETURN NULL;
END""",
    # rows of a statement on our own documents: kind, column of the document
    "immex_note_documents": """
BEGIN
    EXECUTE format(
        'INSERT INTO immex_change (company_id, kind, ref_id)'
        ' SELECT DISTINCT company_id, %L, %I FROM changed_rows'
        ' WHERE company_id IS NOT NULL', TG_ARGV[0], TG_ARGV[1]);
    RETURN NULL;
END""",
    # links that a person made; the engine's own tell nothing new
    "immex_note_links": """
BEGIN
    INSERT INTO immex_change (company_id, kind, ref_id)
    SELECT DISTINCT c.company_id, 'G', g.pedimento_id
      FROM changed_rows c JOIN immex_pedimento_goods g ON g.id = c.goods_id
     WHERE c.source = 'manual'
    UNION
    SELECT DISTINCT c.company_id, 'L', m.move_line_id
      FROM changed_rows c JOIN immex_movement m ON m.id = c.movement_id
     WHERE c.source = 'manual';
    RETURN NULL;
END""",
    # an act takes its transfer out of the exits without document
    "immex_note_act_transfer": """
BEGIN
    INSERT INTO immex_change (company_id, kind, ref_id)
    SELECT company_id, 'K', picking_id FROM changed_rows
     WHERE picking_id IS NOT NULL AND company_id IS NOT NULL;
    RETURN NULL;
END""",
    # a setting of one company, or a rule of all of them
    "immex_note_setting": """
BEGIN
    INSERT INTO immex_change (company_id, kind)
    SELECT DISTINCT g.company_id, 'A' FROM immex_program g WHERE g.kind = 'immex';
    RETURN NULL;
END""",
}


def _functions():
    for name, body in FUNCTIONS.items():
        yield (
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger"
            f" LANGUAGE plpgsql AS $body${body}$body$"
        )


def _row_trigger(table, name, kind, columns):
    """Triggers of a table of Odoo's, called only for rows that matter."""
    return f"""
CREATE OR REPLACE TRIGGER immex_change_{name}
AFTER UPDATE OF {columns} ON {table} FOR EACH ROW
WHEN ({_differs(columns)}) EXECUTE FUNCTION immex_note_change('{kind}')
"""


def _statement_triggers(table, function, *arguments):
    """Triggers of a table of ours: whole statements, as files are loaded by COPY."""
    listed = ", ".join(f"'{argument}'" for argument in arguments)
    for operation, rows in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
        yield f"""
CREATE OR REPLACE TRIGGER {function}_{operation.lower()}
AFTER {operation} ON {table} REFERENCING {rows} TABLE AS changed_rows
FOR EACH STATEMENT EXECUTE FUNCTION {function}({listed})
"""


def _setting_trigger(table, event, condition="TRUE"):
    each = "STATEMENT" if condition == "TRUE" else "ROW"
    when = "" if condition == "TRUE" else f"WHEN ({condition})"
    return f"""
CREATE OR REPLACE TRIGGER immex_change_setting
AFTER {event} ON {table} FOR EACH {each} {when}
EXECUTE FUNCTION immex_note_setting()
"""


def _triggers():
    # INSERT and DELETE have no other row to compare with
    yield """
CREATE OR REPLACE TRIGGER immex_change_line_new
AFTER INSERT ON stock_move_line FOR EACH ROW WHEN (NEW.state = 'done')
EXECUTE FUNCTION immex_note_change('L')
"""
    yield f"""
CREATE OR REPLACE TRIGGER immex_change_line
AFTER UPDATE OF {LINE} ON stock_move_line FOR EACH ROW
WHEN ((NEW.state = 'done' OR OLD.state = 'done') AND {_differs(LINE)})
EXECUTE FUNCTION immex_note_change('L')
"""
    yield """
CREATE OR REPLACE TRIGGER immex_change_line_gone
AFTER DELETE ON stock_move_line FOR EACH ROW WHEN (OLD.state = 'done')
EXECUTE FUNCTION immex_note_line_gone()
"""
    yield f"""
CREATE OR REPLACE TRIGGER immex_change_move
AFTER UPDATE OF {MOVE} ON stock_move FOR EACH ROW
WHEN (NEW.state = 'done' AND {_differs(MOVE)})
EXECUTE FUNCTION immex_note_move()
"""
    yield _row_trigger("stock_picking", "transfer", "K", PICKING)
    yield _row_trigger("mrp_production", "order", "O", ORDER)
    yield _row_trigger("stock_lot", "lot", "T", "name, immex_customs_status")
    yield from _statement_triggers("immex_pedimento", "immex_note_documents", "G", "id")
    for table in (
        "immex_pedimento_partida",
        "immex_pedimento_goods",
        "immex_pedimento_reference",
    ):
        yield from _statement_triggers(
            table, "immex_note_documents", "G", "pedimento_id"
        )
    for table in ("immex_remesa", "immex_remesa_line"):
        yield from _statement_triggers(
            table, "immex_note_documents", "G", "pedimento_id"
        )
        # the pedimento that it was of before
        yield f"""
CREATE OR REPLACE TRIGGER immex_note_documents_before
AFTER UPDATE ON {table} REFERENCING OLD TABLE AS changed_rows
FOR EACH STATEMENT EXECUTE FUNCTION immex_note_documents('G', 'pedimento_id')
"""
    yield from _statement_triggers(
        "immex_destruction", "immex_note_documents", "D", "id"
    )
    yield from _statement_triggers(
        "immex_destruction_line", "immex_note_documents", "D", "destruction_id"
    )
    yield from _statement_triggers(
        "immex_reservation", "immex_note_documents", "R", "layer_id"
    )
    yield from _statement_triggers("immex_destruction", "immex_note_act_transfer")
    yield from _statement_triggers(
        "immex_period_consumption", "immex_note_documents", "P", "id"
    )
    # the transfer that the act named before
    yield """
CREATE OR REPLACE TRIGGER immex_note_act_transfer_before
AFTER UPDATE ON immex_destruction REFERENCING OLD TABLE AS changed_rows
FOR EACH STATEMENT EXECUTE FUNCTION immex_note_act_transfer()
"""
    yield from _statement_triggers("immex_goods_link", "immex_note_links")
    for table in (
        "immex_discharge_method",
        "immex_program",
        "immex_term_rule",
        "immex_operation_rule",
        "immex_equivalence_part",
        "immex_opening",
    ):
        yield _setting_trigger(table, "INSERT OR UPDATE OR DELETE")
    groups = "active"
    yield _setting_trigger("immex_equivalence", f"UPDATE OF {groups}", _differs(groups))
    settings = "immex_peps_date, immex_status_policy, immex_use_equivalents"
    yield _setting_trigger("res_company", f"UPDATE OF {settings}", _differs(settings))
    places = "usage, company_id, immex_customs_status"
    yield _setting_trigger("stock_location", f"UPDATE OF {places}", _differs(places))
    yield _setting_trigger(
        "product_template", "UPDATE OF immex_class", _differs("immex_class")
    )


def install(cr):
    """Create or replace the functions and triggers of the queue."""
    for statement in (*_functions(), *_triggers()):
        cr.execute(statement)


def take(cr, ctx):
    """Copy what the snapshot shows of the queue into ``tmp_change``; return whether
    it asks for a full run."""
    cr.execute("DROP TABLE IF EXISTS tmp_change")
    cr.execute(
        """
        CREATE TEMP TABLE tmp_change ON COMMIT DROP AS
        SELECT id, kind, ref_id FROM immex_change WHERE company_id = %(company_id)s
        """,
        ctx,
    )
    cr.execute("ANALYZE tmp_change")
    cr.execute("SELECT EXISTS (SELECT FROM tmp_change WHERE kind = 'A')")
    return cr.fetchone()[0]


def settle(cr):
    """Delete what ``take`` copied: the run has dealt with it."""
    cr.execute("DELETE FROM immex_change c USING tmp_change t WHERE t.id = c.id")
