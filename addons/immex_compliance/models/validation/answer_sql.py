# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Statements that tie answers to pedimentos and tell a pedimento what they say."""

# A file that repeats what the last one said of a pedimento repeats older lines, too:
# they say nothing new. Where it does not, the same line again is news: accepted in
# between, say, and rejected once more. Validator and bank speak for themselves.
INSERT = """
WITH told AS (
    SELECT *, kind IN ('paid', 'unpaid') AS bank
      FROM jsonb_to_recordset(%(rows)s::jsonb)
           AS a(line int, kind text, office text, patente text, document text,
                code text, note text, rfc text, till text, operation text,
                signature text, date text, hour text, text text)
), last AS (
    SELECT t.patente, t.document, t.bank, max(o.file_id) AS file_id
      FROM (SELECT DISTINCT patente, document, bank FROM told) t
      JOIN immex_pedimento_answer o
        ON o.company_id = %(company_id)s AND o.patente = t.patente
       AND o.document = t.document AND (o.kind IN ('paid', 'unpaid')) = t.bank
       AND o.file_id <> %(file_id)s
     GROUP BY 1, 2, 3
), repeated AS (
    SELECT l.patente, l.document, l.bank
      FROM last l
     WHERE NOT EXISTS (
           SELECT FROM immex_pedimento_answer o
            WHERE o.file_id = l.file_id AND o.patente = l.patente
              AND o.document = l.document AND (o.kind IN ('paid', 'unpaid')) = l.bank
              AND NOT EXISTS (
                  SELECT FROM told t
                   WHERE (t.patente, t.document, t.kind, t.text)
                         = (o.patente, o.document, o.kind, o.text)))
)
INSERT INTO immex_pedimento_answer
       (company_id, file_id, line, kind, office, patente, document, code, note, rfc,
        till, operation, signature, date, hour, text,
        create_uid, create_date, write_uid, write_date)
SELECT %(company_id)s, %(file_id)s, a.line, a.kind, a.office, a.patente, a.document,
       a.code, a.note, a.rfc, a.till, a.operation, a.signature, a.date::date, a.hour,
       a.text, %(uid)s, %(now)s, %(uid)s, %(now)s
  FROM told a
  LEFT JOIN repeated r
    ON (r.patente, r.document, r.bank) = (a.patente, a.document, a.bank)
 WHERE r.document IS NULL OR NOT EXISTS (
       SELECT FROM immex_pedimento_answer o
        WHERE o.company_id = %(company_id)s AND o.patente = a.patente
          AND o.document = a.document AND o.kind = a.kind AND o.text = a.text
          AND o.file_id <> %(file_id)s)
    ON CONFLICT (company_id, patente, document, kind, text, file_id) DO NOTHING
RETURNING id
"""

# The latest pedimento of a number: ten years on the number comes again. Where the
# name of the file did not tell the patent, a number of one patent alone.
LINK = """
WITH found AS (
    SELECT a.id, (array_agg(p.id ORDER BY p.year DESC))[1] AS pedimento_id
      FROM immex_pedimento_answer a
      JOIN immex_pedimento p ON p.company_id = a.company_id
       AND p.document = a.document
       AND (a.patente = '' OR p.patente = a.patente)
       AND (a.office = '' OR p.office = a.office)
     WHERE a.pedimento_id IS NULL AND a.company_id = %(company_id)s
       AND (%(documents)s IS NULL OR a.document = ANY(%(documents)s))
     GROUP BY a.id
    HAVING count(DISTINCT (p.patente, p.office)) = 1
)
UPDATE immex_pedimento_answer a SET pedimento_id = found.pedimento_id
  FROM found WHERE found.id = a.id
RETURNING a.pedimento_id
"""

# Validation and payment are each told by the last answer about them. An
# acknowledgement that a broker's file brought stays.
TELL = """
WITH validation AS (
    SELECT DISTINCT ON (pedimento_id) pedimento_id, file_id, kind
      FROM immex_pedimento_answer
     WHERE pedimento_id = ANY(%(ids)s) AND kind IN ('accepted', 'rejected')
     ORDER BY pedimento_id, file_id DESC, kind = 'accepted', line DESC
), acknowledgement AS (
    SELECT DISTINCT ON (pedimento_id) pedimento_id, code
      FROM immex_pedimento_answer
     WHERE pedimento_id = ANY(%(ids)s) AND kind = 'accepted'
     ORDER BY pedimento_id, file_id DESC, line DESC
), capture AS (
    SELECT DISTINCT ON (pedimento_id) pedimento_id, code
      FROM immex_pedimento_answer
     WHERE pedimento_id = ANY(%(ids)s) AND kind = 'capture'
     ORDER BY pedimento_id, file_id DESC, line DESC
), payment AS (
    SELECT DISTINCT ON (pedimento_id) pedimento_id, kind, operation, date, hour
      FROM immex_pedimento_answer
     WHERE pedimento_id = ANY(%(ids)s) AND kind IN ('paid', 'unpaid')
     ORDER BY pedimento_id, kind = 'unpaid', file_id DESC, line DESC
), told AS (
    SELECT p.id, v.kind AS validation_state,
           COALESCE(NULLIF(p.acknowledgement, ''), a.code) AS acknowledgement,
           c.code AS capture_line, b.kind AS bank_state,
           NULLIF(b.operation, '') AS bank_operation, b.date AS bank_date,
           NULLIF(b.hour, '') AS bank_hour
      FROM immex_pedimento p
      LEFT JOIN validation v ON v.pedimento_id = p.id
      LEFT JOIN acknowledgement a ON a.pedimento_id = p.id
      LEFT JOIN capture c ON c.pedimento_id = p.id
      LEFT JOIN payment b ON b.pedimento_id = p.id
     WHERE p.id = ANY(%(ids)s)
)
UPDATE immex_pedimento p
   SET validation_state = t.validation_state, acknowledgement = t.acknowledgement,
       capture_line = t.capture_line, bank_state = t.bank_state,
       bank_operation = t.bank_operation, bank_date = t.bank_date,
       bank_hour = t.bank_hour
  FROM told t
 WHERE t.id = p.id
   AND (p.validation_state, p.acknowledgement, p.capture_line, p.bank_state,
        p.bank_operation, p.bank_date, p.bank_hour)
       IS DISTINCT FROM
       (t.validation_state, t.acknowledgement, t.capture_line, t.bank_state,
        t.bank_operation, t.bank_date, t.bank_hour)
"""

# What a person should look at: a payment of another day than the pedimento's, an
# acknowledgement that is not the pedimento's.
DOUBTS = """
SELECT a.line, a.kind, p.number, p.payment_date, a.date, p.acknowledgement, a.code
  FROM immex_pedimento_answer a
  JOIN immex_pedimento p ON p.id = a.pedimento_id
 WHERE a.file_id = %(file_id)s
   AND ((a.kind = 'paid' AND p.payment_date <> a.date)
        OR (a.kind = 'accepted' AND p.acknowledgement <> a.code))
 ORDER BY a.line
"""

WAITING = """
SELECT line, document FROM immex_pedimento_answer
 WHERE file_id = %(file_id)s AND pedimento_id IS NULL ORDER BY line
"""
