# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Which product of Odoo the part codes of past pedimentos mean, found set by set.

Parameters: ``company_id``, ``uid``. Scores are of 100; what spells the code is
stronger than what describes it. Nothing here decides: a person confirms.
"""

from ..pedimento.description_sql import described, plain

# without the endings that _words takes away
ARTICLES = "ARRAY['DE', 'DEL', 'EL', 'LA', 'LAS', 'LOS', 'OF', 'THE']"

# What a person said stands; the rest is found anew.
CLEAR = """
DELETE FROM immex_setup_part
 WHERE company_id = %(company_id)s AND state = 'open'
"""

DROP = """
DROP TABLE IF EXISTS tmp_part, tmp_product, tmp_spelling, tmp_word, tmp_part_word,
    tmp_candidate, tmp_best, tmp_name, tmp_text
"""


def _loose(text):
    """Letters and digits only, without the zeros that begin a number."""
    return (
        rf"regexp_replace(regexp_replace(upper({text}), '[^A-Z0-9]', '', 'g'),"
        r" '(^|[A-Z])0+([0-9])', '\1\2', 'g')"
    )


def _words(text, shortest=3):
    """Words without accents and plural endings: TERMINALES and Terminal are one, and so
    are CABLES and Cable."""
    return (
        "(SELECT DISTINCT CASE WHEN length(w) > 5 AND w LIKE '%%ES'"
        " THEN left(w, -2) WHEN length(w) > 3 AND w LIKE '%%S' THEN left(w, -1)"
        " WHEN length(w) > 4 AND w LIKE '%%E' THEN left(w, -1)"
        " ELSE w END AS word"
        f" FROM regexp_split_to_table({plain(text)}, '[^A-Z0-9]+') w"
        f" WHERE length(w) >= {shortest})"
    )


def _word_set(text):
    """All words of a text but for its articles, whatever their order."""
    return (
        "(SELECT string_agg(word, ' ' ORDER BY word COLLATE \"C\")"
        f" FROM {_words(text, 1)} x WHERE word <> ALL ({ARTICLES}))"
    )


# A code in one customs unit: the most frequent description and tariff item of it.
PARTS = f"""
CREATE TEMP TABLE tmp_part ON COMMIT DROP AS
WITH line AS (
    SELECT upper(btrim(g.part_number)) AS code, pa.umc_id, pa.fraccion, pa.nico,
           COALESCE(NULLIF(btrim(g.description), ''), pa.description) AS description,
           g.qty_umc, g.product_id, p.operation_type, p.payment_date, pa.detail_state
      FROM immex_pedimento_goods g
      JOIN immex_pedimento_partida pa ON pa.id = g.partida_id
      JOIN immex_pedimento p ON p.id = g.pedimento_id
     WHERE g.company_id = %(company_id)s
       AND btrim(COALESCE(g.part_number, '')) <> ''
       AND p.state <> 'cancelled' AND p.origin <> 'opening'
)
SELECT row_number() OVER () AS id, 'code' AS kind, NULL AS text_key, s.*,
       {_loose("s.code")} AS loose
  FROM (
    SELECT code, umc_id, count(*) AS lines, sum(qty_umc) AS qty_umc,
           sum(qty_umc) FILTER (WHERE operation_type = '1') AS qty_in,
           mode() WITHIN GROUP (ORDER BY fraccion) AS fraccion,
           mode() WITHIN GROUP (ORDER BY nico) AS nico,
           mode() WITHIN GROUP (ORDER BY description) AS description,
           bool_or(operation_type = '1') AS imported,
           bool_or(operation_type = '2') AS exported,
           min(payment_date) AS first_date, max(payment_date) AS last_date,
           CASE WHEN count(DISTINCT product_id) = 1 THEN min(product_id) END AS mapped,
           count(*) FILTER (WHERE detail_state IN ('unmapped', 'no_factor')) AS waiting
      FROM line
     GROUP BY code, umc_id
  ) s
 WHERE NOT EXISTS (
       SELECT FROM immex_setup_part x
        WHERE x.company_id = %(company_id)s AND x.part_number = s.code
          AND x.kind = 'code' AND x.umc_id IS NOT DISTINCT FROM s.umc_id)
"""

# Partidas that name no part at all: each description, tariff item and customs unit.
# Many partidas say the same; what they say is read once.
DESCRIPTIONS = f"""
INSERT INTO tmp_part (id, kind, text_key, code, umc_id, lines, qty_umc, qty_in,
    fraccion, nico, description, imported, exported, first_date, last_date, waiting)
WITH told AS (
    SELECT pa.description, pa.fraccion, pa.umc_id, count(*) AS lines,
           sum(pa.qty_umc) AS qty_umc,
           sum(pa.qty_umc) FILTER (WHERE p.operation_type = '1') AS qty_in,
           mode() WITHIN GROUP (ORDER BY pa.nico) AS nico,
           bool_or(p.operation_type = '1') AS imported,
           bool_or(p.operation_type = '2') AS exported,
           min(p.payment_date) AS first_date, max(p.payment_date) AS last_date
      FROM immex_pedimento_partida pa
      JOIN immex_pedimento p ON p.id = pa.pedimento_id
     WHERE pa.company_id = %(company_id)s AND pa.detail_state = 'missing'
       AND pa.qty_umc > 0 AND p.state <> 'cancelled' AND p.origin <> 'opening'
     GROUP BY pa.description, pa.fraccion, pa.umc_id
), read AS (
    SELECT told.*, {described("description")} AS text_key FROM told
)
SELECT (SELECT count(*) FROM tmp_part) + row_number() OVER (), 'text', s.*
  FROM (
    SELECT text_key, '', umc_id, sum(lines)::bigint AS lines, sum(qty_umc),
           sum(qty_in), fraccion, (array_agg(nico ORDER BY lines DESC, nico))[1],
           (array_agg(description ORDER BY lines DESC, description))[1],
           COALESCE(bool_or(imported), FALSE), COALESCE(bool_or(exported), FALSE),
           min(first_date), max(last_date), sum(lines)::bigint
      FROM read
     WHERE text_key <> ''
     GROUP BY text_key, umc_id, fraccion
  ) s
 WHERE NOT EXISTS (
       SELECT FROM immex_setup_part x
        WHERE x.company_id = %(company_id)s AND x.kind = 'text'
          AND x.text_key = s.text_key AND x.fraccion = s.fraccion
          AND x.umc_id IS NOT DISTINCT FROM s.umc_id)
"""

PRODUCTS = """
CREATE TEMP TABLE tmp_product ON COMMIT DROP AS
SELECT pp.id, pp.product_tmpl_id AS tmpl_id, pp.default_code, pp.barcode, pt.name,
       pt.immex_customs_description AS customs_name
  FROM product_product pp
  JOIN product_template pt ON pt.id = pp.product_tmpl_id
 WHERE pp.active AND pt.active AND pt.type = 'consu'
   AND (pt.company_id IS NULL OR pt.company_id = %(company_id)s)
"""

# Every way in which a product's code is written somewhere.
SPELLINGS = f"""
CREATE TEMP TABLE tmp_spelling ON COMMIT DROP AS
SELECT DISTINCT ON (product_id, kind, code) *
  FROM (
    SELECT id AS product_id, 'code' AS kind, upper(btrim(default_code)) AS code,
           {_loose("default_code")} AS loose
      FROM tmp_product WHERE btrim(COALESCE(default_code, '')) <> ''
    UNION ALL
    SELECT t.id, 'supplier', upper(btrim(s.product_code)), {_loose("s.product_code")}
      FROM product_supplierinfo s
      JOIN tmp_product t ON t.tmpl_id = s.product_tmpl_id
       AND (s.product_id IS NULL OR s.product_id = t.id)
     WHERE btrim(COALESCE(s.product_code, '')) <> ''
       AND (s.company_id IS NULL OR s.company_id = %(company_id)s)
    UNION ALL
    SELECT id, 'barcode', upper(btrim(barcode)), {_loose("barcode")}
      FROM tmp_product WHERE btrim(COALESCE(barcode, '')) <> ''
  ) s
"""

# By the code as it is, then by what remains of it without signs and zeros.
SPELT = """
CREATE TEMP TABLE tmp_candidate ON COMMIT DROP AS
SELECT id AS part_id, mapped AS product_id, 100 AS score, 'mapped' AS reason
  FROM tmp_part WHERE mapped IS NOT NULL
UNION ALL
SELECT p.id, s.product_id,
       CASE s.kind WHEN 'code' THEN 100 WHEN 'supplier' THEN 95 ELSE 90 END, s.kind
  FROM tmp_part p JOIN tmp_spelling s ON s.code = p.code
 WHERE p.mapped IS NULL
UNION ALL
SELECT p.id, s.product_id, CASE s.kind WHEN 'code' THEN 85 ELSE 80 END,
       s.kind || '_loose'
  FROM tmp_part p JOIN tmp_spelling s ON s.loose = p.loose AND s.code <> p.code
 WHERE p.mapped IS NULL AND length(p.loose) >= 3
"""

# A revision or a colour at the end of one of the two: EOTERM12 and EOTERM12-R2.
BEGINS = """
INSERT INTO tmp_candidate
WITH open AS (
    SELECT p.id, p.loose FROM tmp_part p
     WHERE length(p.loose) >= 5
       AND NOT EXISTS (SELECT FROM tmp_candidate c WHERE c.part_id = p.id)
), pair AS (
    SELECT p.id, s.product_id, k::numeric / length(p.loose) AS share
      FROM open p
     CROSS JOIN generate_series(5, length(p.loose) - 1) k
      JOIN tmp_spelling s ON s.loose = left(p.loose, k)
    UNION ALL
    SELECT p.id, s.product_id, k::numeric / length(s.loose)
      FROM tmp_spelling s
     CROSS JOIN generate_series(5, length(s.loose) - 1) k
      JOIN open p ON p.loose = left(s.loose, k)
)
SELECT id, product_id, round(79 * share)::integer, 'begins' FROM pair
 WHERE share >= 0.6
"""

# What is left of the codes that occur most: each takes an index some milliseconds.
SIMILAR = """
INSERT INTO tmp_candidate
SELECT p.id, s.product_id, round(75 * s.alike)::integer, 'similar'
  FROM (SELECT id, loose FROM tmp_part
         WHERE length(loose) >= 5 AND mapped IS NULL
           AND NOT EXISTS (SELECT FROM tmp_candidate c WHERE c.part_id = tmp_part.id)
         ORDER BY lines DESC, id LIMIT 300) p
 CROSS JOIN LATERAL (
       SELECT s.product_id, similarity(s.loose, p.loose) AS alike FROM tmp_spelling s
        WHERE s.loose %% p.loose
        ORDER BY 2 DESC, s.product_id LIMIT 3) s
"""

# The same words in a name of the product, whatever their order; only where there is no
# code to go by. Each text is read once, into tables whose sizes the planner knows.
NAMES = f"""
CREATE TEMP TABLE tmp_name ON COMMIT DROP AS
SELECT n.product_id, {_word_set("n.value")} AS words
  FROM (
    SELECT t.id AS product_id, v.value
      FROM tmp_product t CROSS JOIN LATERAL jsonb_each_text(t.name) v
    UNION
    SELECT id, customs_name FROM tmp_product WHERE customs_name <> ''
  ) n
"""

TEXTS = f"""
CREATE TEMP TABLE tmp_text ON COMMIT DROP AS
SELECT id AS part_id, {_word_set("text_key")} AS words
  FROM tmp_part WHERE kind = 'text'
"""

SAME_WORDS = """
INSERT INTO tmp_candidate
SELECT DISTINCT t.part_id, n.product_id, 60, 'text'
  FROM tmp_text t JOIN tmp_name n ON n.words = t.words
"""

# Words that few products bear tell most; those that hundreds bear tell nothing.
WORDS = f"""
CREATE TEMP TABLE tmp_word ON COMMIT DROP AS
WITH told AS (
    SELECT DISTINCT t.id AS product_id, w.word
      FROM tmp_product t
     CROSS JOIN LATERAL (
           SELECT string_agg(value, ' ') || ' ' || COALESCE(t.customs_name, '') AS text
             FROM jsonb_each_text(t.name)) n
     CROSS JOIN LATERAL {_words("n.text")} w
), counted AS (
    SELECT word, count(*) AS bearers FROM told GROUP BY word
)
SELECT told.product_id, told.word,
       ln(1 + (SELECT count(*) FROM tmp_product)::float8 / bearers) AS weight
  FROM told JOIN counted USING (word)
 WHERE bearers <= 100
"""

PART_WORDS = f"""
CREATE TEMP TABLE tmp_part_word ON COMMIT DROP AS
SELECT p.id AS part_id, w.word
  FROM tmp_part p CROSS JOIN LATERAL {_words("p.description")} w
 WHERE NOT EXISTS (
       SELECT FROM tmp_candidate c WHERE c.part_id = p.id AND c.score >= 80)
"""

# The share of a description's telling words that a product bears.
DESCRIBED = """
INSERT INTO tmp_candidate
SELECT part_id, product_id, round(most * found / whole)::integer, 'words'
  FROM (
    SELECT w.part_id, t.product_id, sum(t.weight) AS found, max(k.whole) AS whole,
           max(CASE p.kind WHEN 'text' THEN 50 ELSE 65 END) AS most
      FROM tmp_part_word w
      JOIN tmp_part p ON p.id = w.part_id
      JOIN tmp_word t ON t.word = w.word
      JOIN (SELECT x.part_id, sum(COALESCE(y.weight, z.most)) AS whole
              FROM tmp_part_word x
              LEFT JOIN (SELECT word, max(weight) AS weight FROM tmp_word
                          GROUP BY word) y ON y.word = x.word
             CROSS JOIN (SELECT COALESCE(avg(weight), 1) AS most FROM tmp_word) z
             GROUP BY x.part_id) k ON k.part_id = w.part_id
     GROUP BY w.part_id, t.product_id
  ) s
 WHERE most * found / whole >= 20
"""

# One proposal a part. Two products that are as good as each other are told.
BEST = """
CREATE TEMP TABLE tmp_best ON COMMIT DROP AS
SELECT part_id, product_id, reason, rivals,
       CASE WHEN rivals > 1 THEN LEAST(score, 40) ELSE score END AS score
  FROM (
    SELECT c.*, row_number() OVER best AS place,
           count(*) OVER (PARTITION BY part_id, score) AS rivals
      FROM (SELECT part_id, product_id, max(score) AS score,
                   (array_agg(reason ORDER BY score DESC, reason))[1] AS reason
              FROM tmp_candidate GROUP BY part_id, product_id) c
    WINDOW best AS (PARTITION BY part_id ORDER BY score DESC, product_id)
  ) s
 WHERE place = 1
"""

PROPOSE = """
INSERT INTO immex_setup_part (company_id, kind, part_number, text_key, umc_id,
    description, fraccion, nico, lines, qty_umc, imported, exported, first_date,
    last_date, product_id, score, reason, rivals, state, create_uid, create_date,
    write_uid, write_date)
SELECT %(company_id)s, p.kind, p.code, p.text_key, p.umc_id, p.description,
       p.fraccion, p.nico, p.lines, p.qty_umc, p.imported, p.exported, p.first_date,
       p.last_date,
       b.product_id, COALESCE(b.score, 0), COALESCE(b.reason, 'none'),
       COALESCE(b.rivals, 0),
       -- mapped, classed and without anything that waits: it is in use
       CASE WHEN p.mapped IS NOT NULL AND p.waiting = 0 AND t.immex_class IS NOT NULL
            THEN 'confirmed' ELSE 'open' END,
       %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
  FROM tmp_part p
  LEFT JOIN tmp_best b ON b.part_id = p.id
  LEFT JOIN product_product pp ON pp.id = b.product_id
  LEFT JOIN product_template t ON t.id = pp.product_tmpl_id
"""

# Subassemblies are in no pedimento: what an order made of materials or of other
# subassemblies, and what went into an order afterwards.
MADE = """
INSERT INTO immex_setup_part (company_id, kind, part_number, description, lines,
    product_id, score, reason, rivals, state, imported, exported, create_uid,
    create_date, write_uid, write_date)
WITH RECURSIVE known AS (
    SELECT DISTINCT product_id FROM immex_setup_part
     WHERE company_id = %(company_id)s AND product_id IS NOT NULL
       AND state <> 'rejected'
), made AS (
    SELECT DISTINCT f.product_id AS part_id, r.product_id AS material_id
      FROM mrp_production o
      JOIN stock_move f ON f.production_id = o.id AND f.state = 'done'
      JOIN stock_move r ON r.raw_material_production_id = o.id AND r.state = 'done'
     WHERE o.company_id = %(company_id)s AND o.state = 'done'
), walk AS (
    SELECT m.part_id FROM made m JOIN known k ON k.product_id = m.material_id
    UNION
    SELECT m.part_id FROM made m JOIN walk w ON w.part_id = m.material_id
)
SELECT %(company_id)s, 'made', COALESCE(pp.default_code, 'ID ' || pp.id),
       pt.name->>'en_US', (SELECT count(*) FROM mrp_production o
                            WHERE o.product_id = pp.id AND o.state = 'done'
                              AND o.company_id = %(company_id)s),
       pp.id, 100, 'made', 1, 'open', FALSE, FALSE, %(uid)s,
       now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
  FROM walk w
  JOIN product_product pp ON pp.id = w.part_id
  JOIN product_template pt ON pt.id = pp.product_tmpl_id
 WHERE NOT EXISTS (
       SELECT FROM immex_setup_part x
        WHERE x.company_id = %(company_id)s AND x.product_id = pp.id)
   AND pt.immex_class IS NULL
"""

# What an order made is a product, what came over the border and no order made is
# material. The class that a product has already stays.
CLASSES = """
UPDATE immex_setup_part x
   SET immex_class = s.class
  FROM (
    SELECT y.id,
           COALESCE(pt.immex_class,
               CASE WHEN EXISTS (
                        SELECT FROM stock_move m
                         WHERE m.product_id = pp.id AND m.state = 'done'
                           AND m.production_id IS NOT NULL)
                      OR EXISTS (SELECT FROM mrp_bom b
                                  WHERE b.product_tmpl_id = pt.id AND b.active
                                    AND b.type <> 'phantom')
                    THEN 'product' ELSE 'material' END) AS class
      FROM immex_setup_part y
      JOIN product_product pp ON pp.id = y.product_id
      JOIN product_template pt ON pt.id = pp.product_tmpl_id
     WHERE y.company_id = %(company_id)s AND y.state = 'open'
       AND (%(ids)s IS NULL OR y.id = ANY(%(ids)s))
  ) s
 WHERE s.id = x.id AND x.immex_class IS DISTINCT FROM s.class
"""

# Customs units in units of the product, where Odoo's own units do not tell exactly:
# a stated factor; else words that are numbers (11 Millar); else the product's weight;
# else what was declared against what was received.
FACTORS = """
UPDATE immex_setup_part x
   SET factor = s.factor, part_quantity = s.part_quantity, factor_from = s.factor_from,
       qty_received = s.received,
       deviation = s.deviation
  FROM (
    SELECT q.id, q.factor, q.part_quantity, q.factor_from, q.received,
           CASE WHEN q.received > 0 AND q.factor > 0 THEN LEAST(999999, round(
                100 * abs(q.qty_umc * q.part_quantity / q.factor - q.received)
                    / q.received, 2)) END AS deviation
      FROM (
        SELECT y.id, y.qty_umc, f.factor, f.part_quantity, f.factor_from, r.received
          FROM immex_setup_part y
          JOIN product_product pp ON pp.id = y.product_id
          JOIN product_template pt ON pt.id = pp.product_tmpl_id
          JOIN immex_unit iu ON iu.id = y.umc_id
          LEFT JOIN tmp_received r ON r.id = y.id
          JOIN uom_uom own ON own.id = pt.uom_id
          LEFT JOIN uom_uom umc ON umc.id = iu.uom_id
         CROSS JOIN LATERAL (
            SELECT * FROM (
                SELECT 1 AS place, p.factor, p.part_quantity, 'stated' AS factor_from
                  FROM (SELECT z.factor, z.part_quantity FROM immex_part_factor z
                         WHERE z.product_tmpl_id = pt.id AND z.unit_id = iu.id
                           AND (z.company_id IS NULL
                                OR z.company_id = %(company_id)s)
                         ORDER BY z.company_id IS NULL, z.valid_from DESC LIMIT 1) p
                UNION ALL
                SELECT 2, GREATEST(1, own.factor / NULLIF(umc.factor, 0)),
                       GREATEST(1, umc.factor / NULLIF(own.factor, 0)), 'unit'
                 WHERE own.id = umc.id
                    OR split_part(own.parent_path, '/', 1)
                         = split_part(umc.parent_path, '/', 1)
                       AND own.factor > 0 AND umc.factor > 0
                       AND (mod(own.factor, umc.factor) = 0
                            OR mod(umc.factor, own.factor) = 0)
                UNION ALL
                SELECT 3, own.factor, n.pieces * piece.factor, 'count'
                  FROM (VALUES ('11', 1000), ('18', 100), ('17', 10), ('9', 2))
                       n(code, pieces)
                  JOIN immex_unit six ON six.code = '6'
                  JOIN uom_uom piece ON piece.id = six.uom_id
                 WHERE n.code = iu.code AND own.factor > 0
                   AND split_part(own.parent_path, '/', 1)
                       = split_part(piece.parent_path, '/', 1)
                UNION ALL
                SELECT 4, round(pp.weight::numeric
                                / CASE iu.code WHEN '14' THEN 1000 ELSE 1 END
                                * CASE iu.code WHEN '2' THEN 1000 ELSE 1 END
                                * %(kilos)s, 10),
                       1, 'weight'
                 WHERE iu.code IN ('1', '2', '14') AND pp.weight > 0
                UNION ALL
                SELECT 5, round(y.qty_umc / r.received, 10), 1, 'received'
                 WHERE r.received > 0 AND round(y.qty_umc / r.received, 10) > 0
                UNION ALL
                SELECT 6, NULL, NULL, 'missing'
            ) o ORDER BY place LIMIT 1
         ) f
         WHERE y.company_id = %(company_id)s AND y.state = 'open'
           AND y.kind <> 'made' AND (%(ids)s IS NULL OR y.id = ANY(%(ids)s))
      ) q
  ) s
 WHERE s.id = x.id
"""

# What crossed the door in the days of the pedimentos, in the product's unit.
RECEIVED = """
CREATE TEMP TABLE tmp_received ON COMMIT DROP AS
SELECT y.id, sum(l.quantity_product_uom)::numeric AS received
  FROM immex_setup_part y
  JOIN stock_move_line l
    ON l.product_id = y.product_id AND l.company_id = y.company_id
   AND l.state = 'done'
   AND l.date >= y.first_date - 30 AND l.date < y.last_date + 31
  JOIN stock_location src ON src.id = l.location_id
  JOIN stock_location dst ON dst.id = l.location_dest_id
 WHERE y.company_id = %(company_id)s AND y.state = 'open'
   AND (%(ids)s IS NULL OR y.id = ANY(%(ids)s))
   AND (y.imported AND src.usage = 'supplier'
        OR y.exported AND NOT y.imported AND dst.usage = 'customer')
 GROUP BY y.id
"""
