# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What differs between pairs of pedimentos, as rows of ``tmp_rc_line``.

A missing pedimento is one line, not one for each of its partidas; a missing partida
likewise. Contributions and identifiers are compared where the file that brought the
government's record has their table at all.
"""

from . import totals_sql
from .compared_fields import ENTRY, PARTIDA, PEDIMENTO, differences, key, plain

LINE = """
CREATE TEMP TABLE tmp_rc_line (
    level text, kind text, pair integer, sequence integer, code text, form text,
    field text, ours text, theirs text, ours_amount numeric, theirs_amount numeric,
    difference numeric, record_key text, number15 text, payment_date date,
    pedimento_id integer, datastage_id integer, other_number text
) ON COMMIT DROP
"""

_INTO = """
INSERT INTO tmp_rc_line (level, kind, pair, sequence, code, form, field, ours, theirs,
    ours_amount, theirs_amount, difference, record_key, number15, payment_date,
    pedimento_id, datastage_id)
"""
_OF = "p.number15, p.payment_date, p.ours_id, p.theirs_id"
_FOUND = "f.field, f.ours, f.theirs, f.ours_amount, f.theirs_amount, f.difference"
_join, _differ = differences(PEDIMENTO)

MISSING_PEDIMENTOS = f"""{_INTO}
SELECT 'pedimento', kind, pair, NULL, NULL, NULL, NULL, ours_number, theirs_number,
       NULL, NULL, NULL, p.number15, {_OF}
  FROM tmp_rc_pair p WHERE kind <> 'both' AND covered
"""

# the last version on one side is not the last, or not there, on the other
VERSIONS = f"""{_INTO}
SELECT 'pedimento', 'version', pair, NULL, NULL, NULL, NULL, ours_number, theirs_number,
       NULL, NULL, NULL, p.number15, {_OF}
  FROM tmp_rc_pair p WHERE kind = 'both' AND ours_number <> theirs_number
"""

# of two versions the contents are compared, the dates and keys differ by their nature
PEDIMENTOS = f"""{_INTO}
SELECT 'pedimento', 'different', p.pair, NULL, NULL, NULL, {_FOUND}, p.number15, {_OF}
  FROM tmp_rc_pair p
  JOIN immex_pedimento o ON o.id = p.ours_id
  JOIN immex_datastage_pedimento t ON t.id = p.theirs_id
  LEFT JOIN immex_pedimento_key k ON k.id = o.key_id
  {_join}
 WHERE p.compared AND p.ours_number = p.theirs_number AND {_differ}
"""

PARTIDA_PAIRS = """
CREATE TEMP TABLE tmp_rc_partida ON COMMIT DROP AS
SELECT pair, sequence, o.id AS ours_id, t.id AS theirs_id
  FROM (SELECT p.pair, s.sequence, s.id
          FROM tmp_rc_pair p
          JOIN immex_pedimento_partida s ON s.pedimento_id = p.ours_id
         WHERE p.compared AND p.tables ? '551') o
  FULL JOIN
       (SELECT p.pair, s.sequence, s.id
          FROM tmp_rc_pair p
          JOIN immex_datastage_partida s ON s.datastage_id = p.theirs_id
         WHERE p.compared AND p.tables ? '551') t USING (pair, sequence)
"""

_KEY = "concat_ws('|', p.number15, {rest})"
_MISSING = "CASE WHEN {ours} IS NULL THEN 'missing_here' ELSE 'missing_there' END"

# with their tariff items, to know them by
MISSING_PARTIDAS = f"""{_INTO}
SELECT 'partida', {_MISSING.format(ours="s.ours_id")}, p.pair, s.sequence, NULL, NULL,
       NULL, o.fraccion, t.fraccion, NULL, NULL, NULL,
       {_KEY.format(rest="s.sequence")}, {_OF}
  FROM tmp_rc_partida s
  JOIN tmp_rc_pair p ON p.pair = s.pair
  LEFT JOIN immex_pedimento_partida o ON o.id = s.ours_id
  LEFT JOIN immex_datastage_partida t ON t.id = s.theirs_id
 WHERE s.ours_id IS NULL OR s.theirs_id IS NULL
"""

_join, _differ = differences(PARTIDA)
PARTIDAS = f"""{_INTO}
SELECT 'partida', 'different', p.pair, s.sequence, NULL, NULL, {_FOUND},
       {_KEY.format(rest="s.sequence")}, {_OF}
  FROM tmp_rc_partida s
  JOIN tmp_rc_pair p ON p.pair = s.pair
  JOIN immex_pedimento_partida o ON o.id = s.ours_id
  JOIN immex_datastage_partida t ON t.id = s.theirs_id
  LEFT JOIN immex_unit umc ON umc.id = o.umc_id
  LEFT JOIN immex_unit umt ON umt.id = o.umt_id
  {_join}
 WHERE {_differ}
"""

# Entries: contributions and identifiers, of a partida or (sequence 0) of the whole
# pedimento. Amounts of one form of payment are one entry; rates of one type, and
# identifiers of the same complements, stand in their order. The third complement of an
# identifier is in no table of Data Stage.
_SIDE = """
SELECT pair, sequence, kind, code, form, extra, amount, rate,
       row_number() OVER (PARTITION BY pair, sequence, kind, code, form, extra
                          ORDER BY rate) AS nth
  FROM (
    SELECT p.pair, {sequence} AS sequence, c.kind, {code} AS code,
           CASE c.kind WHEN 'amount' THEN {payment_form} ELSE {rate_type} END AS form,
           NULL AS extra,
           sum(COALESCE(c.amount, 0)) FILTER (WHERE c.kind = 'amount') AS amount,
           CASE WHEN c.kind = 'rate' THEN COALESCE(c.rate, 0) END AS rate,
           CASE WHEN c.kind = 'rate' THEN c.id END AS apart
      FROM tmp_rc_pair p {contribution}
     WHERE p.compared AND c.kind IN ('rate', 'amount')
       AND p.tables ? (CASE WHEN {sequence} = 0
               THEN CASE c.kind WHEN 'rate' THEN '509' ELSE '510' END
               ELSE CASE c.kind WHEN 'rate' THEN '556' ELSE '557' END END)
     GROUP BY 1, 2, 3, 4, 5, 8, 9
    UNION ALL
    SELECT p.pair, {sequence}, 'identifier', {identifier_code}, {complement}, {extra},
           NULL, NULL, c.id
      FROM tmp_rc_pair p {identifier}
     WHERE p.compared
       AND p.tables ? (CASE WHEN {sequence} = 0 THEN '507' ELSE '554' END)
  ) g
"""


def _side(sequence, join, more="", key=key, plain=plain):
    # sorted by: bytes are enough
    return _SIDE.format(
        sequence=sequence,
        contribution=join.format("contribution") + more,
        identifier=join.format("identifier") + more,
        **{
            name: f'{wrap(column)} COLLATE "C"'
            for name, wrap, column in (
                ("code", key, "c.code"),
                ("payment_form", key, "c.payment_form"),
                ("rate_type", key, "c.rate_type"),
                ("identifier_code", plain, "c.code"),
                ("complement", plain, "c.complement1"),
                ("extra", plain, "c.complement2"),
            )
        },
    )


_OURS = _side(
    "COALESCE(s.sequence, 0)",
    "JOIN immex_pedimento_{} c ON c.pedimento_id = p.ours_id",
    " LEFT JOIN immex_pedimento_partida s ON s.id = c.partida_id",
)
_THEIRS = _side(
    "COALESCE(c.sequence, 0)",
    "JOIN immex_datastage_{} c ON c.datastage_id = p.theirs_id",
    key=str,  # keys came into the store without their zeros
)
_ON = """o.pair = t.pair AND o.sequence = t.sequence AND o.kind = t.kind
       AND o.code = t.code"""
_FORM_TOO = "COALESCE(o.{0}form, '') = COALESCE(t.{1}form, '')"
_BOTH = """
SELECT COALESCE(t.pair, o.pair) AS pair, COALESCE(t.sequence, o.sequence) AS sequence,
       COALESCE(t.kind, o.kind) AS kind, COALESCE(t.code, o.code) AS code,
       COALESCE(t.nth, o.nth) AS nth,
       o.pair IS NOT NULL AS has_ours, t.pair IS NOT NULL AS has_theirs,
       o.{0}form AS ours_form, t.{1}form AS theirs_form,
       o.{0}extra AS ours_extra, t.{1}extra AS theirs_extra,
       o.{0}amount AS ours_amount, t.{1}amount AS theirs_amount,
       o.{0}rate AS ours_rate, t.{1}rate AS theirs_rate
"""


def _again(left, form):
    """Pair what ``left`` has on one side only: of the same form, or of any."""
    lone = f"""
        SELECT *, row_number() OVER (PARTITION BY pair, sequence, kind, code{{form}}
               ORDER BY {{side}}_form, {{side}}_extra, nth) AS turn
          FROM {left} WHERE has_{{side}} AND NOT has_{{other}}"""
    ours, theirs = (
        lone.format(side=side, other=other, form=f", {side}_form" if form else "")
        for side, other in (("ours", "theirs"), ("theirs", "ours"))
    )
    on = f"{_ON} AND o.turn = t.turn"
    if form:
        on += f" AND {_FORM_TOO.format('ours_', 'theirs_')}"
    sides = _BOTH.format("ours_", "theirs_")
    return f"{sides} FROM ({ours}) o FULL JOIN ({theirs}) t ON {on}"


# First those of the same form of payment, type of rate or complements; then identifiers
# of the same first complement; what is left on both sides of a code differs in it.
ENTRY_PAIRS = f"""
CREATE TEMP TABLE tmp_rc_entry ON COMMIT DROP AS
WITH o AS MATERIALIZED ({_OURS}), t AS MATERIALIZED ({_THEIRS}),
same AS MATERIALIZED (
    {_BOTH.format("", "")}
      FROM o FULL JOIN t ON {_ON} AND o.nth = t.nth AND {_FORM_TOO.format("", "")}
       AND COALESCE(o.extra, '') = COALESCE(t.extra, '')
), near AS MATERIALIZED ({_again("same", form=True)}
)
SELECT * FROM same WHERE has_ours AND has_theirs
UNION ALL
SELECT * FROM near WHERE has_ours AND has_theirs
UNION ALL
{_again("near", form=False)}
"""

# those of a partida that one side has not are not told one by one
_WHOLE = """
   AND (c.sequence = 0 OR EXISTS (
        SELECT FROM tmp_rc_partida s
         WHERE s.pair = c.pair AND s.sequence = c.sequence
           AND s.ours_id IS NOT NULL AND s.theirs_id IS NOT NULL))
"""
_FORM = "CASE WHEN c.has_theirs THEN c.theirs_form ELSE c.ours_form END"
_EXTRA = "CASE WHEN c.has_theirs THEN c.theirs_extra ELSE c.ours_extra END"
_ENTRY_KEY = _KEY.format(
    rest=f"c.sequence, c.kind, c.code, COALESCE({_FORM}, ''), c.nth, {_EXTRA}"
)
_OWN = "COALESCE(c.ours_amount, c.ours_rate)"
_OTHER = "COALESCE(c.theirs_amount, c.theirs_rate)"
# of an identifier, its complements
_SAID = "NULLIF(concat_ws(' ', c.{0}_form, c.{0}_extra), '')"
MISSING_ENTRIES = f"""{_INTO}
SELECT c.kind, CASE WHEN c.has_ours THEN 'missing_there' ELSE 'missing_here' END,
       p.pair, NULLIF(c.sequence, 0), c.code, {_FORM}, NULL,
       COALESCE(trim_scale({_OWN})::text, {_SAID.format("ours")}),
       COALESCE(trim_scale({_OTHER})::text, {_SAID.format("theirs")}), {_OWN}, {_OTHER},
       CASE WHEN c.has_ours THEN {_OWN} ELSE - {_OTHER} END, {_ENTRY_KEY}, {_OF}
  FROM tmp_rc_entry c
  JOIN tmp_rc_pair p ON p.pair = c.pair
 WHERE NOT (c.has_ours AND c.has_theirs) {_WHOLE}
"""
_join, _differ = differences(ENTRY)
ENTRIES = f"""{_INTO}
SELECT c.kind, 'different', p.pair, NULLIF(c.sequence, 0), c.code, {_FORM}, {_FOUND},
       {_ENTRY_KEY}, {_OF}
  FROM tmp_rc_entry c
  JOIN tmp_rc_pair p ON p.pair = c.pair
  {_join}
 WHERE c.has_ours AND c.has_theirs AND {_differ} {_WHOLE}
"""

# what is made, then compared: (name of the table, statement, its index), statements
STEPS = (
    (None, (LINE, MISSING_PEDIMENTOS, VERSIONS, PEDIMENTOS)),
    (
        ("tmp_rc_partida", PARTIDA_PAIRS, "pair, sequence"),
        (MISSING_PARTIDAS, PARTIDAS),
    ),
    (
        ("tmp_rc_entry", ENTRY_PAIRS, "pair"),
        (MISSING_ENTRIES, ENTRIES, totals_sql.OURS, totals_sql.THEIRS),
    ),
)
