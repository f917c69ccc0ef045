# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Statements that tie an arriving pedimento to what was there before it."""

# By tax number, else by name; more than one candidate is no answer.
INVOICE_PARTNERS = """
WITH wanted AS (
    SELECT i.id, i.company_id,
           NULLIF(regexp_replace(upper(i.tax_id), '[^A-Z0-9]', '', 'g'), '') AS tax,
           NULLIF(upper(btrim(i.partner_name)), '') AS name
      FROM immex_pedimento_invoice i
     WHERE i.pedimento_id = ANY(%(ids)s) AND i.partner_id IS NULL
), partner AS (
    SELECT rp.id, rp.company_id,
           NULLIF(regexp_replace(upper(rp.vat), '[^A-Z0-9]', '', 'g'), '') AS tax,
           NULLIF(upper(btrim(rp.name)), '') AS name
      FROM res_partner rp
     WHERE rp.active AND rp.commercial_partner_id = rp.id
), candidate AS (
    SELECT w.id, p.id AS partner_id, TRUE AS by_tax,
           COALESCE(p.name = w.name, FALSE) AS by_name
      FROM wanted w JOIN partner p ON p.tax = w.tax
       AND (p.company_id IS NULL OR p.company_id = w.company_id)
    UNION ALL
    SELECT w.id, p.id, FALSE, TRUE
      FROM wanted w JOIN partner p ON p.name = w.name
       AND (p.company_id IS NULL OR p.company_id = w.company_id)
     WHERE NOT COALESCE(p.tax = w.tax, FALSE)
), chosen AS (
    SELECT id,
           CASE WHEN count(*) FILTER (WHERE by_tax) = 1
                THEN min(partner_id) FILTER (WHERE by_tax)
                WHEN count(*) FILTER (WHERE by_tax AND by_name) = 1
                THEN min(partner_id) FILTER (WHERE by_tax AND by_name)
                WHEN count(*) FILTER (WHERE by_tax) = 0 AND count(*) = 1
                THEN min(partner_id) END AS partner_id
      FROM candidate GROUP BY id
)
UPDATE immex_pedimento_invoice i
   SET partner_id = c.partner_id
  FROM chosen c
 WHERE c.id = i.id AND c.partner_id IS NOT NULL
"""

PEDIMENTO_PARTNER = """
UPDATE immex_pedimento p
   SET partner_id = s.partner_id
  FROM (
    SELECT i.pedimento_id, min(i.partner_id) AS partner_id
      FROM immex_pedimento_invoice i
     WHERE i.pedimento_id = ANY(%(ids)s)
     GROUP BY i.pedimento_id
    HAVING count(DISTINCT i.partner_id) = 1 AND bool_and(i.partner_id IS NOT NULL)
  ) s
 WHERE s.pedimento_id = p.id AND p.partner_id IS NULL
"""

# A number names a pedimento within ten years (its first digit is the year's last):
# the date of the named operation tells which.
REFERENCE_TARGET = """
UPDATE immex_pedimento_reference r
   SET target_id = t.target_id
  FROM (
    SELECT f.id, min(p.id) AS target_id
      FROM (
        SELECT r.* FROM immex_pedimento_reference r
         WHERE r.pedimento_id = ANY(%(ids)s)
        UNION
        SELECT r.* FROM immex_pedimento_reference r
          JOIN immex_pedimento n
            ON n.company_id = r.company_id AND n.patente = r.patente
           AND n.document = r.document
         WHERE n.id = ANY(%(ids)s) AND r.target_id IS NULL
      ) f
      JOIN immex_pedimento p
        ON p.company_id = f.company_id
       AND p.patente = f.patente
       AND p.document = f.document
       AND p.office = left(f.office_section, 2)
       AND p.id <> f.pedimento_id
       AND (f.date IS NULL
            OR f.date = p.payment_date
            OR p.payment_date IS NULL
               AND p.year = extract(year FROM f.date)::integer)
     WHERE f.target_id IS NULL
     GROUP BY f.id
    HAVING count(*) = 1
  ) t
 WHERE t.id = r.id
"""

# A chain is whatever records 701 tie together.
VERSIONS = """
WITH RECURSIVE tie AS (
    SELECT r.pedimento_id AS a, r.target_id AS b
      FROM immex_pedimento_reference r
     WHERE r.kind = 'rectified' AND r.target_id IS NOT NULL
), walk AS (
    SELECT p.id AS seed, p.id FROM immex_pedimento p WHERE p.id = ANY(%(ids)s)
    UNION
    SELECT w.seed, CASE WHEN t.a = w.id THEN t.b ELSE t.a END
      FROM walk w JOIN tie t ON w.id IN (t.a, t.b)
), chain AS (
    SELECT id, min(seed) AS chain FROM walk GROUP BY id
), version AS (
    SELECT c.id,
           lag(c.id) OVER version AS rectifies_id,
           first_value(c.id) OVER version AS root_id,
           last_value(c.id) OVER version AS current_id
      FROM chain c
      JOIN immex_pedimento p ON p.id = c.id
     WHERE p.state <> 'cancelled'
    WINDOW version AS (
        PARTITION BY c.chain ORDER BY p.payment_date, p.number15
        ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
)
UPDATE immex_pedimento p
   SET rectifies_id = v.rectifies_id,
       root_id = NULLIF(v.root_id, p.id),
       current_id = NULLIF(v.current_id, p.id),
       write_uid = %(uid)s, write_date = now() AT TIME ZONE 'UTC'
  FROM chain c
  LEFT JOIN version v ON v.id = c.id
 WHERE p.id = c.id
   AND ROW(p.rectifies_id, p.root_id, p.current_id) IS DISTINCT FROM
       ROW(v.rectifies_id, NULLIF(v.root_id, p.id), NULLIF(v.current_id, p.id))
RETURNING p.id
"""

WAITING_PICKINGS = """
SELECT p.id, array_agg(t.id ORDER BY t.id)
  FROM stock_picking t
  JOIN immex_pedimento p
    ON p.company_id = t.company_id
   AND p.number15 = regexp_replace(t.immex_pedimento_ref, '[^0-9]', '', 'g')
 WHERE p.id = ANY(%(ids)s)
   AND t.immex_pedimento_id IS NULL
   AND t.immex_pedimento_ref IS NOT NULL
 GROUP BY p.id
 ORDER BY p.id
"""
