-- New returns on one day after the history: twenty goods lines each, delivered.
WITH sample AS (
    SELECT g.*, row_number() OVER (ORDER BY g.id) - 1 AS n
      FROM immex_pedimento_goods g
      JOIN immex_pedimento p ON p.id = g.pedimento_id AND p.patente = '3200'
     ORDER BY g.id LIMIT %(count)s
), paper AS (
    INSERT INTO immex_pedimento (company_id, year, office, office_section, patente,
        document, number15, number, operation_type, key_id, operation_rule_id,
        entry_date, payment_date, state, origin)
    SELECT p.company_id, 2026, '24', '240', '3400', lpad(n::text, 7, '0'),
           '26243400' || lpad(n::text, 7, '0'), 'x', '2', p.key_id,
           p.operation_rule_id, '2026-02-01', '2026-02-01', 'ready', 'manual'
      FROM (SELECT * FROM immex_pedimento WHERE patente = '3200' LIMIT 1) p
      CROSS JOIN generate_series(0, (%(count)s - 1) / 20) n
    RETURNING id, company_id, document::bigint AS n
), partida AS (
    INSERT INTO immex_pedimento_partida (pedimento_id, company_id, sequence, fraccion,
        description, qty_umc, umc_id, qty_umt, umt_id, detail_state)
    SELECT p.id, p.company_id, s.n %% 20 + 1, '85369099', 'BENCH', 1, a.umc_id, 1,
           a.umt_id, 'done'
      FROM sample s
      JOIN paper p ON p.n = s.n / 20
      JOIN immex_pedimento_partida a ON a.id = s.partida_id
    RETURNING id, pedimento_id, company_id, sequence
), goods AS (
    INSERT INTO immex_pedimento_goods (partida_id, pedimento_id, company_id, sequence,
        product_id, qty_umc, qty_umt, quantity, factor, value_usd, customs_value,
        source)
    SELECT a.id, a.pedimento_id, a.company_id, 1, s.product_id, 1, 1, 1, 1, 2, 36,
           'manual'
      FROM partida a
      JOIN paper p ON p.id = a.pedimento_id
      JOIN sample s ON s.n = p.n * 20 + a.sequence - 1
    RETURNING pedimento_id, company_id, product_id
), transfer AS (
    INSERT INTO stock_picking (name, company_id, state, location_id, location_dest_id,
        picking_type_id, move_type, immex_pedimento_id, immex_event_date)
    SELECT 'BENCH/NEW/' || p.n, p.company_id, 'done', o.location_id,
           o.location_dest_id, o.picking_type_id, 'direct', p.id, '2026-02-01'
      FROM paper p
      CROSS JOIN (SELECT * FROM stock_picking WHERE name LIKE 'BENCH/3200/%%' LIMIT 1) o
    RETURNING id, immex_pedimento_id, location_id, location_dest_id
), move AS (
    INSERT INTO stock_move (company_id, product_id, product_uom, location_id,
        location_dest_id, procure_method, product_uom_qty, date, state, picking_id)
    SELECT g.company_id, g.product_id, (SELECT min(id) FROM uom_uom), t.location_id,
           t.location_dest_id, 'make_to_stock', 1, '2026-02-01', 'done', t.id
      FROM goods g JOIN transfer t ON t.immex_pedimento_id = g.pedimento_id
    RETURNING *
)
INSERT INTO stock_move_line (company_id, product_id, product_uom_id, location_id,
    location_dest_id, date, state, picking_id, move_id, quantity, quantity_product_uom)
SELECT company_id, product_id, product_uom, location_id, location_dest_id, date, 'done',
       picking_id, id, 1, 1 FROM move
