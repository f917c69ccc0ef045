-- Three levels of production: a product draws six materials and two subassemblies, each
-- of these four materials and one more, which draws eight: thirty materials in all.
-- Parameters: exits, products, orders (of a product, twenty units each).
INSERT INTO immex_program (company_id, kind, name, certification, valid_from)
SELECT min(id), 'immex', 'BENCH', 'none', '2019-01-01' FROM res_company
-- ;
INSERT INTO product_template (name, type, uom_id, categ_id, is_storable, immex_class,
    active, sale_ok, purchase_ok, tracking, default_code, service_type,
    purchase_method, list_price, service_tracking)
SELECT jsonb_build_object('en_US', code), 'consu', (SELECT min(id) FROM uom_uom),
       (SELECT min(id) FROM product_category), TRUE, class, TRUE, TRUE, TRUE, 'none',
       code, 'manual', 'receive', 0, 'no'
  FROM (
    SELECT 'BF' || n AS code, 'product' AS class
      FROM generate_series(0, %(products)s - 1) n
    UNION ALL SELECT 'BS' || n, 'product' FROM generate_series(0, %(products)s * 2 - 1) n
    UNION ALL SELECT 'BZ' || n, 'product' FROM generate_series(0, %(products)s * 2 - 1) n
    UNION ALL SELECT 'BM' || n, 'material' FROM generate_series(0, %(products)s * 4) n
  ) p
-- ;
INSERT INTO product_product (product_tmpl_id, default_code, active)
SELECT id, default_code, TRUE FROM product_template WHERE default_code ~ '^B[FSZM][0-9]+$'
-- ;
CREATE TEMP TABLE part AS
SELECT id, substr(default_code, 1, 2) AS kind, substr(default_code, 3)::bigint AS n
  FROM product_product WHERE default_code ~ '^B[FSZM][0-9]+$';
CREATE UNIQUE INDEX ON part (kind, n);
ANALYZE part
-- ;
-- what one unit of n of a kind draws
CREATE TEMP TABLE recipe AS
SELECT kind, n, item, items FROM (
    SELECT p.kind, p.n, 'BM' AS item, (p.n * 7 + i) %% (%(products)s * 4 + 1) AS items
      FROM part p CROSS JOIN generate_series(1, 8) i
     WHERE p.kind = 'BF' AND i <= 6 OR p.kind = 'BS' AND i <= 4 OR p.kind = 'BZ'
    UNION ALL
    SELECT 'BF', n, 'BS', n * 2 + i FROM part CROSS JOIN generate_series(0, 1) i
     WHERE kind = 'BF'
    UNION ALL
    SELECT 'BS', n, 'BZ', n FROM part WHERE kind = 'BS'
  ) r;
ANALYZE recipe
-- ;
CREATE TEMP TABLE line AS
SELECT '3200' AS patente, n / 20 AS document, n %% 20 + 1 AS sequence, 'BF' AS kind,
       n %% %(products)s AS part, 1::numeric AS quantity,
       date '2022-01-01' + (n / 20 * 20 * 1000 / %(exits)s)::integer AS day
  FROM generate_series(0::bigint, %(exits)s - 1) n
UNION ALL
-- ten imports of every material
SELECT '3100', x.row / 20, x.row %% 20 + 1, 'BM', x.n,
       ceil((SELECT count(*) FROM recipe) * %(orders)s * 20.0
            / (SELECT count(*) FROM part WHERE kind = 'BM') / 4),
       date '2021-01-01' + (x.row / 20 %% 300)::integer
  FROM (SELECT p.n, row_number() OVER (ORDER BY i, p.n) - 1 AS row
          FROM part p CROSS JOIN generate_series(1, 10) i WHERE p.kind = 'BM') x;
ANALYZE line
-- ;
CREATE TEMP TABLE kind AS
SELECT k.patente, k.operation_type, y.id AS key_id, r.id AS rule_id
  FROM (VALUES ('3100', '1', 'IN'), ('3200', '2', 'RT'))
       k(patente, operation_type, code)
  JOIN immex_pedimento_key y ON y.code = k.code
  CROSS JOIN LATERAL (
      SELECT id FROM immex_operation_rule o
       WHERE o.key_id = y.id AND o.operation_type = k.operation_type
         AND o.identifier_code IS NULL AND o."case" IS NULL
         AND o.effect IN ('entry', 'exit')
       ORDER BY o.sequence, o.id LIMIT 1) r
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
  FROM immex_pedimento WHERE patente IN ('3100', '3200');
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
  JOIN part t ON t.kind = l.kind AND t.n = l.part
-- ;
CREATE TEMP TABLE door AS
SELECT min(id) FILTER (WHERE usage = 'production') AS production,
       min(id) FILTER (WHERE usage = 'internal' AND company_id = (
           SELECT min(id) FROM res_company)) AS stock
  FROM stock_location
-- ;
-- subassemblies two days before the products that draw them
INSERT INTO mrp_production (name, product_id, product_uom_id, product_qty, qty_producing,
    picking_type_id, location_src_id, location_dest_id, company_id, consumption, state,
    date_start, date_finished, immex_event_date)
SELECT t.kind || t.n || '/' || o, t.id, (SELECT min(id) FROM uom_uom), 20, 20,
       (SELECT min(id) FROM stock_picking_type WHERE code = 'mrp_operation'),
       d.stock, d.stock, (SELECT min(id) FROM res_company), 'flexible', 'done',
       date '2021-11-05' - x.before, date '2021-11-05' - x.before,
       date '2021-11-05' - x.before
  FROM part t
  JOIN (VALUES ('BF', 0), ('BS', 1), ('BZ', 2)) x(kind, before) USING (kind)
  CROSS JOIN generate_series(1, %(orders)s) o
  CROSS JOIN door d
-- ;
INSERT INTO stock_move (company_id, product_id, product_uom, location_id,
    location_dest_id, procure_method, product_uom_qty, date, state, production_id)
SELECT o.company_id, o.product_id, o.product_uom_id, d.production, d.stock,
       'make_to_stock', 20, o.date_finished, 'done', o.id
  FROM mrp_production o CROSS JOIN door d WHERE o.name ~ '^B[FSZ]'
-- ;
INSERT INTO stock_move (company_id, product_id, product_uom, location_id,
    location_dest_id, procure_method, product_uom_qty, date, state,
    raw_material_production_id)
SELECT o.company_id, i.id, o.product_uom_id, d.stock, d.production, 'make_to_stock',
       20, o.date_finished, 'done', o.id
  FROM mrp_production o
  JOIN part t ON t.id = o.product_id
  JOIN recipe r ON r.kind = t.kind AND r.n = t.n
  JOIN part i ON i.kind = r.item AND i.n = r.items
  CROSS JOIN door d
-- ;
INSERT INTO stock_move_line (company_id, product_id, product_uom_id, location_id,
    location_dest_id, date, state, move_id, quantity, quantity_product_uom)
SELECT company_id, product_id, product_uom, location_id, location_dest_id, date, 'done',
       id, product_uom_qty, product_uom_qty
  FROM stock_move
 WHERE production_id IS NOT NULL OR raw_material_production_id IS NOT NULL
