-- Books and Data Stage that say the same, but for every hundredth partida: %(count)s
-- pedimentos of 50 partidas, each with a rate, an amount and an identifier. The
-- pedimento has the sum of the amounts.
INSERT INTO immex_pedimento_file (company_id, name, kind, sha256, size, state,
    create_date, row_counts)
SELECT min(id), 'bench.zip', 'datastage', 'bench', 1, 'loaded', now(),
       '{"501": 1, "510": 1, "551": 1, "554": 1, "556": 1, "557": 1}'
  FROM res_company
-- ;
INSERT INTO immex_pedimento (company_id, year, office, office_section, patente,
    document, number15, number, operation_type, key_id, payment_date, exchange_rate,
    gross_weight, rfc, origin, state)
SELECT (SELECT min(id) FROM res_company), 2026, '24', '240', '3953',
       (6000000 + g)::text, '26243953' || 6000000 + g, 'bench', '1',
       (SELECT min(id) FROM immex_pedimento_key WHERE code = 'IN'),
       date '2026-01-05' + g %% 350, 18.0012, 287, 'XAXX010101000', 'm3', 'ready'
  FROM generate_series(1, %(count)s) g
-- ;
INSERT INTO immex_pedimento_partida (pedimento_id, company_id, sequence, fraccion, nico,
    description, qty_umc, umc_id, qty_umt, umt_id, customs_value, commercial_value,
    value_usd, origin_code, seller_code, linkage, valuation_method, detail_state)
SELECT p.id, p.company_id, s, '85' || lpad((s * 13 %% 997)::text, 3, '0') || '099', '01',
       'PARTES PARA INTERRUPTOR', 12, umc.id, 4.8, umt.id, 35553 + s, 35553, 1976.88,
       'HUN', 'HUN', '0', '1', 'missing'
  FROM immex_pedimento p, generate_series(1, 50) s,
       (SELECT min(id) AS id FROM immex_unit WHERE code = '6') umc,
       (SELECT min(id) AS id FROM immex_unit WHERE code = '1') umt
-- ;
INSERT INTO immex_pedimento_contribution (pedimento_id, partida_id, company_id, kind,
    code, payment_form, amount, rate, rate_type)
SELECT pedimento_id, id, company_id, kind, '3', CASE kind WHEN 'amount' THEN '21' END,
       CASE kind WHEN 'amount' THEN 5689 END, CASE kind WHEN 'rate' THEN 16 END,
       CASE kind WHEN 'rate' THEN '1' END
  FROM immex_pedimento_partida, (VALUES ('rate'), ('amount')) k (kind)
-- ;
INSERT INTO immex_pedimento_contribution (pedimento_id, company_id, kind, code,
    payment_form, amount)
SELECT id, company_id, 'amount', '3', '21', 50 * 5689 FROM immex_pedimento
-- ;
INSERT INTO immex_pedimento_identifier (pedimento_id, partida_id, company_id, code,
    complement1, complement2)
SELECT pedimento_id, id, company_id, 'TL', 'USA', (sequence %% 7)::text
  FROM immex_pedimento_partida
-- ;
INSERT INTO immex_datastage_pedimento (company_id, file_id, year, office,
    office_section, patente, document, number15, operation_type, key_code, payment_date,
    exchange_rate, gross_weight, rfc, superseded, pedimento_id)
SELECT p.company_id, f.id, p.year, p.office, p.office_section, p.patente, p.document,
       p.number15, '1', 'IN', p.payment_date, p.exchange_rate, p.gross_weight, p.rfc,
       FALSE, p.id
  FROM immex_pedimento p, immex_pedimento_file f
-- ;
INSERT INTO immex_datastage_partida (datastage_id, sequence, fraccion, nico,
    description, qty_umc, umc_code, qty_umt, umt_code, customs_value, commercial_value,
    value_usd, origin_code, seller_code, linkage, valuation_method)
SELECT d.id, s.sequence, s.fraccion, s.nico, s.description, s.qty_umc, '6', s.qty_umt,
       '1', s.customs_value + CASE WHEN s.id %% 100 = 0 THEN 5 ELSE 0 END,
       s.commercial_value, s.value_usd, s.origin_code, s.seller_code, s.linkage,
       s.valuation_method
  FROM immex_datastage_pedimento d
  JOIN immex_pedimento_partida s ON s.pedimento_id = d.pedimento_id
-- ;
INSERT INTO immex_datastage_contribution (datastage_id, sequence, kind, code,
    payment_form, amount, rate, rate_type)
SELECT d.id, s.sequence, c.kind, c.code, c.payment_form, c.amount, c.rate, c.rate_type
  FROM immex_datastage_pedimento d
  JOIN immex_pedimento_contribution c ON c.pedimento_id = d.pedimento_id
  LEFT JOIN immex_pedimento_partida s ON s.id = c.partida_id
-- ;
INSERT INTO immex_datastage_identifier (datastage_id, sequence, code, complement1,
    complement2)
SELECT d.id, s.sequence, c.code, c.complement1, c.complement2
  FROM immex_datastage_pedimento d
  JOIN immex_pedimento_identifier c ON c.pedimento_id = d.pedimento_id
  JOIN immex_pedimento_partida s ON s.id = c.partida_id
