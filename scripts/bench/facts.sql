-- A company's history: imports, exits, and the done moves of both. Parameters: demands,
-- supplies, products, skew (share of all rows that the first product has). Every tenth
-- product has one change of regime (F4), which refuses expired layers: its stack goes
-- through the sequential merge.
INSERT INTO immex_program (company_id, kind, name, certification, valid_from)
SELECT min(id), 'immex', 'BENCH', 'none', '2019-01-01' FROM res_company
-- ;
INSERT INTO product_template (name, type, uom_id, categ_id, is_storable, immex_class,
    active, sale_ok, purchase_ok, tracking, default_code, service_type,
    purchase_method, list_price, service_tracking)
SELECT jsonb_build_object('en_US', 'B' || n), 'consu',
       (SELECT min(id) FROM uom_uom), (SELECT min(id) FROM product_category), TRUE,
       'material', TRUE, TRUE, TRUE, 'none', 'B' || n, 'manual', 'receive', 0, 'no'
  FROM generate_series(0, %(products)s - 1) n
-- ;
INSERT INTO product_product (product_tmpl_id, default_code, active)
SELECT id, default_code, TRUE FROM product_template WHERE default_code ~ '^B[0-9]+$'
-- ;
CREATE TEMP TABLE part AS
SELECT id, substr(default_code, 2)::bigint AS n FROM product_product
 WHERE default_code ~ '^B[0-9]+$';
CREATE UNIQUE INDEX ON part (n);
ANALYZE part;
SELECT setseed(0.5)
-- ;
-- twenty goods lines a pedimento; 3100 imports, 3200 returns, 3300 changes of regime
CREATE TEMP TABLE line AS
SELECT '3100' AS patente, n / 20 AS document, n %% 20 + 1 AS sequence,
       CASE WHEN random() < %(skew)s THEN 0 ELSE n * 7919 %% %(products)s END AS part,
       round((random() * 1000)::numeric, 3) + 0.001 AS quantity,
       date '2021-01-01' + (n / 20 * 20 * 1800 / %(supplies)s)::integer AS day
  FROM generate_series(0::bigint, %(supplies)s - 1) n
UNION ALL
SELECT '3200', n / 20, n %% 20 + 1,
       CASE WHEN random() < %(skew)s THEN 0 ELSE n * 7919 %% %(products)s END,
       round((random() * 950 * %(supplies)s / %(demands)s)::numeric, 3) + 0.001,
       date '2021-01-02' + (n / 20 * 20 * 1800 / %(demands)s)::integer
  FROM generate_series(0::bigint, %(demands)s - 1) n
UNION ALL
SELECT '3300', n / 20, n %% 20 + 1, n * 10, 1, date '2024-06-01'
  FROM generate_series(0::bigint, %(products)s / 10 - 1) n;
ANALYZE line
-- ;
CREATE TEMP TABLE kind AS
SELECT k.patente, k.operation_type, y.id AS key_id, r.id AS rule_id
  FROM (VALUES ('3100', '1', 'IN'), ('3200', '2', 'RT'), ('3300', '1', 'F4'))
       k(patente, operation_type, code)
  JOIN immex_pedimento_key y ON y.code = k.code
  CROSS JOIN LATERAL (
      SELECT id FROM immex_operation_rule o
       WHERE o.key_id = y.id
         AND (o.operation_type = k.operation_type OR k.code = 'F4')
         AND o.identifier_code IS NULL AND (o."case" IS NULL OR k.code = 'F4')
         AND o.effect IN ('entry', 'exit', 'regime_change')
       ORDER BY o."case" IS NOT NULL, o.sequence, o.id LIMIT 1) r
-- ;
INSERT INTO immex_pedimento (company_id, year, office, office_section, patente,
    document, number15, number, operation_type, key_id, operation_rule_id, entry_date,
    payment_date, state, origin)
SELECT (SELECT min(id) FROM res_company), extract(year FROM min(l.day)), '24', '240',
       l.patente, lpad(l.document::text, 7, '0'),
       to_char(min(l.day), 'YY') || '24' || l.patente
           || lpad(l.document::text, 7, '0'), l.document::text,
       k.operation_type, k.key_id, k.rule_id, min(l.day), min(l.day), 'ready', 'manual'
  FROM line l JOIN kind k USING (patente)
 GROUP BY l.patente, l.document, k.operation_type, k.key_id, k.rule_id
-- ;
CREATE TEMP TABLE paper AS
SELECT id, company_id, patente, document::bigint AS document, payment_date
  FROM immex_pedimento WHERE patente IN ('3100', '3200', '3300');
ANALYZE paper
-- ;
INSERT INTO immex_pedimento_partida (pedimento_id, company_id, sequence, fraccion,
    description, qty_umc, umc_id, qty_umt, umt_id, value_usd, customs_value,
    detail_state)
SELECT p.id, p.company_id, l.sequence, '85369099', 'BENCH', l.quantity, u.id,
       l.quantity, u.id, l.quantity * 2, l.quantity * 36, 'done'
  FROM line l JOIN paper p USING (patente, document)
  CROSS JOIN (SELECT min(id) AS id FROM immex_unit WHERE code = '6') u
-- ;
INSERT INTO immex_pedimento_goods (partida_id, pedimento_id, company_id, sequence,
    product_id, qty_umc, qty_umt, quantity, factor, value_usd, customs_value, source)
SELECT a.id, p.id, p.company_id, 1, t.id, l.quantity, l.quantity, l.quantity, 1,
       l.quantity * 2, l.quantity * 36, 'manual'
  FROM line l
  JOIN paper p USING (patente, document)
  JOIN immex_pedimento_partida a ON a.pedimento_id = p.id AND a.sequence = l.sequence
  JOIN part t ON t.n = l.part
-- ;
CREATE TEMP TABLE door AS
SELECT min(id) FILTER (WHERE usage = 'supplier') AS supplier,
       min(id) FILTER (WHERE usage = 'customer') AS customer,
       min(id) FILTER (WHERE usage = 'internal' AND company_id = (
           SELECT min(id) FROM res_company)) AS stock
  FROM stock_location
-- ;
INSERT INTO stock_picking (name, company_id, state, location_id, location_dest_id,
    picking_type_id, move_type, immex_pedimento_id, immex_event_date,
    immex_customs_status)
SELECT 'BENCH/' || p.patente || '/' || p.document, p.company_id, 'done',
       CASE p.patente WHEN '3100' THEN d.supplier ELSE d.stock END,
       CASE p.patente WHEN '3100' THEN d.stock ELSE d.customer END,
       (SELECT min(id) FROM stock_picking_type), 'direct', p.id, p.payment_date,
       CASE p.patente WHEN '3100' THEN 'temporary' END
  FROM paper p CROSS JOIN door d WHERE p.patente <> '3300'
-- ;
INSERT INTO stock_move (company_id, product_id, product_uom, location_id,
    location_dest_id, procure_method, product_uom_qty, date, state, picking_id,
    reference)
SELECT g.company_id, g.product_id, (SELECT min(id) FROM uom_uom), t.location_id,
       t.location_dest_id, 'make_to_stock', g.quantity, t.immex_event_date, 'done',
       t.id, g.id::text
  FROM immex_pedimento_goods g
  JOIN stock_picking t ON t.immex_pedimento_id = g.pedimento_id
-- ;
INSERT INTO stock_move_line (company_id, product_id, product_uom_id, location_id,
    location_dest_id, date, state, picking_id, move_id, quantity, quantity_product_uom)
SELECT company_id, product_id, product_uom, location_id, location_dest_id, date, 'done',
       picking_id, id, product_uom_qty, product_uom_qty
  FROM stock_move WHERE picking_id IN (
      SELECT id FROM stock_picking WHERE name LIKE 'BENCH/%%')
