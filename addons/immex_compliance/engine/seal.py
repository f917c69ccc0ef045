# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The seal of a period: a hash over its ledgers' rows, chained to the one before.

Text of a row, fields joined with ``|``: exit date, kind, part, PEPS key of the layer,
position on it, quantity, UMC, UMT, dollars, pesos; numbers without trailing zeros. Of
the ledger by value, in its years: exit date, ``value``, kind, tariff item, PEPS key of
the layer or nothing, currency, value. Rows of an exit in that text's order, joined with
line feeds and hashed (SHA-256); then, by exit key in byte order, ``key hash`` lines
under the former seal, hashed again. Marks of superseding are not in it: a version that
was reopened stays verifiable.
"""

ENTRIES = """
    SELECT d.exit_line_id,
           concat_ws('|', d.exit_date::text, d.kind,
               COALESCE(pp.default_code, pp.id::text), l.peps_key,
               trim_scale(d.layer_from)::text, trim_scale(d.quantity)::text,
               COALESCE(trim_scale(d.qty_umc)::text, ''),
               COALESCE(trim_scale(d.qty_umt)::text, ''),
               COALESCE(trim_scale(d.value_usd)::text, ''),
               COALESCE(trim_scale(d.customs_value)::text, '')) AS text
      FROM immex_discharge d
      JOIN immex_layer l ON l.id = d.layer_id
      JOIN product_product pp ON pp.id = d.product_id
     WHERE d.company_id = %(company_id)s
       AND d.exit_date > %(after)s AND d.exit_date <= %(date_to)s
       AND d.run_id <= %(run_id)s
       AND (d.superseded_run_id IS NULL OR d.superseded_run_id > %(run_id)s)
    UNION ALL
    SELECT d.exit_line_id,
           concat_ws('|', d.exit_date::text, 'value', d.kind,
               COALESCE(d.fraccion, ''), COALESCE(l.peps_key, ''), d.currency,
               trim_scale(d.value)::text)
      FROM immex_value_discharge d
      LEFT JOIN immex_layer l ON l.id = d.layer_id
     WHERE d.company_id = %(company_id)s
       AND d.exit_date > %(after)s AND d.exit_date <= %(date_to)s
       AND d.run_id <= %(run_id)s
       AND (d.superseded_run_id IS NULL OR d.superseded_run_id > %(run_id)s)
"""

HASH = f"""
WITH entry AS ({ENTRIES}
), line AS (
    SELECT e.natural_key, e.source_key, count(*) AS rows,
           encode(sha256(convert_to(
               string_agg(r.text, E'\\n' ORDER BY r.text COLLATE "C"), 'UTF8')),
               'hex') AS hash
      FROM entry r
      JOIN immex_exit_line e ON e.id = r.exit_line_id
     GROUP BY e.id, e.natural_key, e.source_key
)
SELECT encode(sha256(convert_to(
           concat_ws(E'\\n', %(before)s, string_agg(
               natural_key || ' ' || hash, E'\\n'
               ORDER BY natural_key COLLATE "C", source_key COLLATE "C")),
           'UTF8')), 'hex'),
       COALESCE(sum(rows), 0)::bigint
  FROM line
"""

# What is hashed, in the order of the hash: the file of a seal.
LINES = f"""
SELECT e.natural_key, e.source_key, r.text
  FROM ({ENTRIES}) r
  JOIN immex_exit_line e ON e.id = r.exit_line_id
 ORDER BY e.natural_key COLLATE "C", e.source_key COLLATE "C", e.id,
          r.text COLLATE "C"
"""

# The part of the key that a product bears at closing is in the hash, so its code may
# not change for a seal to verify; the exit's and the layer's keys are the engine's.


def compute(cr, company_id, after, date_to, run_id, before):
    """Hash and number of the ledger rows of a period as a run left them.

    :param str after: last day of the period before, or ``-infinity``
    :param str date_to: last day
    :param int run_id: the run whose ledger it is
    :param str before: seal of the period before, or an empty string
    :return: (64 hexadecimal digits, rows)
    """
    cr.execute(
        HASH,
        {
            "company_id": company_id,
            "after": after,
            "date_to": date_to,
            "run_id": run_id,
            "before": before,
        },
    )
    return cr.fetchone()
