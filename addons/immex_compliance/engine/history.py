# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What layers and exits were before a run changed them.

The ledger keeps its own history; these two tables keep what a balance needs besides: a
row says what a layer, or the document's date of an exit, was until a run. What was
known when a run ended is the row with the lowest ``until_run`` after it, else what
stands now. Rows are written for what changes, before it does, and for nothing else.
"""

LAYER = (
    "active",
    "product_id",
    "pedimento_id",
    "partida_id",
    "customs_status",
    "goods_class",
    "quantity",
    "customs_value",
    "fraccion",
    "origin_country_id",
    "peps_date",
    "peps_key",
    "term_end",
)
_CHANGING = [name for name in LAYER if name != "active"]
_INTO = f"""
INSERT INTO immex_layer_version (company_id, layer_id, until_run, {", ".join(LAYER)})
SELECT l.company_id, l.id, %(run_id)s, {", ".join("l." + name for name in LAYER)}
  FROM immex_layer l
"""


def layer_changed(unless):
    """Statement that keeps the layers that ``tmp_layer`` changes.

    :param unless: condition that spares layers of closed periods
    """
    return f"""{_INTO}
  JOIN tmp_layer t ON t.source_key = l.source_key
 WHERE l.company_id = %(company_id)s
   {unless}
   AND ROW({", ".join("l." + name for name in _CHANGING)}, l.active)
       IS DISTINCT FROM ROW({", ".join("t." + name for name in _CHANGING)}, TRUE)
"""


def layer_retired(unless):
    """Statement that keeps the layers that no document says any more."""
    return f"""{_INTO}
 WHERE l.company_id = %(company_id)s AND l.active
   AND [[l.source_key in tmp_scope_key]]
   {unless}
   AND NOT EXISTS (SELECT 1 FROM tmp_layer t WHERE t.source_key = l.source_key)
"""


EXIT_CHANGED = """
INSERT INTO immex_exit_line_version (company_id, exit_line_id, until_run, document_date)
SELECT e.company_id, e.id, %(run_id)s, e.document_date
  FROM immex_exit_line e
  JOIN tmp_exit t ON t.source_key = e.source_key
 WHERE e.company_id = %(company_id)s
   AND e.date > %(lock)s AND t.date > %(lock)s
   AND e.document_date IS DISTINCT FROM t.document_date
"""
