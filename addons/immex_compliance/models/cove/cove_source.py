# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Drafts of COVE from invoices and transfers; lines are copied in the database."""

from odoo import fields
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...formats.cove import EXPORT, IMPORT
from .cove_values import refresh_values

# Goods only: a service, a note or a section is no merchandise.
_INVOICE_GOODS = """
    SELECT line.product_id, line.product_uom_id AS uom_id, line.quantity,
           line.price_subtotal AS total, move.id AS document, line.sequence
      FROM account_move_line line
      JOIN account_move move ON move.id = line.move_id
      JOIN product_product product ON product.id = line.product_id
      JOIN product_template template ON template.id = product.product_tmpl_id
     WHERE move.id IN %(documents)s AND line.display_type = 'product'
       AND template.type = 'consu' AND line.quantity <> 0
"""

# What moved, at the price of the order, whose unit may be another (a dozen); zero where
# no order tells it.
_TRANSFER_GOODS = """
    SELECT move.product_id, move.product_uom AS uom_id, move.quantity,
           COALESCE(
               move.quantity * unit.factor * sale.price_subtotal
                   / NULLIF(sold.factor * sale.product_uom_qty, 0),
               move.quantity * unit.factor * purchase.price_subtotal
                   / NULLIF(bought.factor * purchase.product_qty, 0),
               0) AS total,
           move.picking_id AS document, move.sequence
      FROM stock_move move
      JOIN uom_uom unit ON unit.id = move.product_uom
      LEFT JOIN sale_order_line sale ON sale.id = move.sale_line_id
      LEFT JOIN uom_uom sold ON sold.id = sale.product_uom_id
      LEFT JOIN purchase_order_line purchase ON purchase.id = move.purchase_line_id
      LEFT JOIN uom_uom bought ON bought.id = purchase.product_uom_id
     WHERE move.picking_id IN %(documents)s AND move.state <> 'cancel'
       AND move.quantity > 0
"""

_INSERT = """
    INSERT INTO immex_cove_line
           (cove_id, company_id, sequence, invoice_number, product_id, description,
            uom_id, unit_code, quantity, total, unit_value, usd, create_uid, write_uid,
            create_date, write_date)
    SELECT %(cove)s, %(company)s,
           row_number() OVER (
               ORDER BY names.position, goods.sequence, goods.product_id),
           names.name, goods.product_id,
           COALESCE(NULLIF(template.immex_customs_description, ''),
                    template.name->>'es_MX', template.name->>'en_US'),
           goods.uom_id, NULLIF(codes.code, ''), round(goods.quantity, 3),
           round(goods.total, 6), 0, 0, %(user)s, %(user)s,
           now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
      FROM (%(goods)s) goods
      JOIN product_product product ON product.id = goods.product_id
      JOIN product_template template ON template.id = product.product_tmpl_id
      JOIN unnest(%(documents)s::int[], %(names)s::text[]) WITH ORDINALITY
           AS names (document, name, position) ON names.document = goods.document
      LEFT JOIN unnest(%(uoms)s::int[], %(codes)s::text[]) AS codes (uom_id, code)
             ON codes.uom_id = goods.uom_id
"""


def _fill(cove, goods, names, uoms):
    """Insert the goods of documents; ``names``: {document id: number of invoice}."""
    env = cove.env
    env.flush_all()
    codes = uoms._immex_cove_codes()
    env.cr.execute(
        SQL(
            _INSERT,
            cove=cove.id,
            company=cove.company_id.id,
            user=env.uid,
            goods=goods,
            documents=list(names),
            names=list(names.values()),
            uoms=[uom.id for uom in codes],
            codes=list(codes.values()),
        )
    )
    cove.invalidate_recordset()
    refresh_values(cove)
    return cove


def from_invoices(moves):
    """A draft of one COVE for these invoices: several of them make a list.

    Customer invoices are exports, vendor bills imports.
    """
    env = moves.env
    moves = moves.sorted(lambda move: (move.invoice_date or move.date, move.id))
    if set(moves.mapped("move_type")) not in ({"out_invoice"}, {"in_invoice"}):
        raise UserError(
            env._(
                "A COVE is made of customer invoices or of vendor bills, not of both."
            )
        )
    if "draft" in moves.mapped("state") or "cancel" in moves.mapped("state"):
        raise UserError(
            env._("Confirm the invoice first: a COVE repeats what it says.")
        )
    for field in ("company_id", "commercial_partner_id", "currency_id"):
        if len(moves.mapped(field)) != 1:
            raise UserError(
                env._(
                    "The invoices of one COVE have the same company, partner and "
                    "currency."
                )
            )
    first = moves[0]
    export = first.move_type == "out_invoice"
    names = {move.id: (not export and move.ref) or move.name for move in moves}
    cove = _draft(
        first.company_id,
        export,
        first.partner_id,
        {
            "number": names[first.id],
            "date": moves[-1].invoice_date,
            "currency_id": first.currency_id.id,
            "is_list": len(moves) > 1,
            "move_ids": [(6, 0, moves.ids)],
            "picking_ids": [(6, 0, _transfers(moves).ids)],
        },
        first,
    )
    goods = SQL(_INVOICE_GOODS, documents=tuple(moves.ids))
    return _fill(cove, goods, names, moves.invoice_line_ids.product_uom_id)


def from_transfers(pickings):
    """A draft of one COVE for what was shipped or received, at the prices of the
    order."""
    env = pickings.env
    first = pickings[:1]
    moves = pickings.move_ids.filtered(
        lambda move: move.state != "cancel" and move.quantity > 0
    )
    codes = set(pickings.picking_type_id.mapped("code"))
    if codes not in ({"incoming"}, {"outgoing"}):
        raise UserError(env._("A COVE is made of a delivery or of a receipt."))
    for picking in pickings:
        if not picking.partner_id:
            raise UserError(
                env._("Enter the partner of %(transfer)s first.", transfer=picking.name)
            )
    for different in (
        pickings.company_id,
        pickings.partner_id.commercial_partner_id,
    ):
        if len(different) > 1:
            raise UserError(
                env._(
                    "The transfers of one COVE have the same company and partner, not "
                    "%(names)s: make one for each.",
                    names=", ".join(different.mapped("display_name")),
                )
            )
    # those that the amounts of _TRANSFER_GOODS are in
    currencies = (
        moves.sale_line_id.order_id.currency_id
        | moves.purchase_line_id.order_id.currency_id
    )
    if len(currencies) > 1:
        raise UserError(
            env._(
                "What was shipped is priced in %(currencies)s, and a COVE has one "
                "currency: make one of the invoices of each.",
                currencies=", ".join(currencies.mapped("name")),
            )
        )
    currency = currencies or first.company_id.currency_id
    names = {picking.id: picking.name for picking in pickings}
    day = first.immex_event_date or _day(first)
    cove = _draft(
        first.company_id,
        codes == {"outgoing"},
        first.partner_id,
        {
            "number": first.name,
            "date": day,
            "currency_id": currency.id,
            "picking_ids": [(6, 0, pickings.ids)],
        },
        first,
    )
    goods = SQL(_TRANSFER_GOODS, documents=tuple(pickings.ids))
    return _fill(cove, goods, names, pickings.move_ids.product_uom)


def _day(picking):
    """Day of a transfer in the time zone of the plant."""
    plant = picking.with_context(tz=picking.company_id._immex_timezone())
    moment = picking.date_done or picking.scheduled_date
    return fields.Datetime.context_timestamp(plant, moment).date()


def _draft(company, export, partner, values, source):
    """A COVE without goods; patent from the pedimento that the source names."""
    own = company.partner_id
    pedimento = source["immex_pedimento_id"] if "immex_pedimento_id" in source else None
    return source.env["immex.cove"].create(
        {
            "company_id": company.id,
            "operation_type": EXPORT if export else IMPORT,
            "issuer_id": (own if export else partner).id,
            "recipient_id": (partner if export else own).id,
            "patents": (pedimento and pedimento.patente) or False,
            **values,
        }
    )


def _transfers(moves):
    """Transfers of the orders that the invoices bill."""
    lines = moves.invoice_line_ids
    return (
        lines.sale_line_ids.order_id.picking_ids
        | lines.purchase_line_id.order_id.picking_ids
    ).filtered(lambda picking: picking.state != "cancel")
