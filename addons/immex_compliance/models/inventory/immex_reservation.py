# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL, float_repr

from ...engine import simulation


class ImmexReservation(models.Model):
    """So much of a layer is kept for a document that is filed and not yet executed.

    The notice of a destruction lists the import pedimentos 30 days before the event
    (RLA 142), a change of regime names them before it is paid: what leaves meanwhile
    takes other layers, oldest first, and the document then takes what it listed.
    """

    _name = "immex.reservation"
    _description = "Reserved layer"
    _order = "document_key, layer_id"
    _rec_name = "layer_id"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, index=True)
    layer_id = fields.Many2one(
        "immex.layer", required=True, ondelete="restrict", index=True, readonly=True
    )
    destruction_line_id = fields.Many2one(
        "immex.destruction.line",
        index="btree_not_null",
        ondelete="cascade",
        readonly=True,
    )
    destruction_id = fields.Many2one(
        related="destruction_line_id.destruction_id", store=True, index=True
    )
    goods_id = fields.Many2one(
        "immex.pedimento.goods",
        "Exit Line",
        index="btree_not_null",
        ondelete="cascade",
        readonly=True,
    )
    exit_pedimento_id = fields.Many2one(
        related="goods_id.pedimento_id", store=True, index=True
    )
    document_key = fields.Char(compute="_compute_document_key", store=True, index=True)
    quantity = fields.Float(
        digits=(18, 6), required=True, help="In the product's unit."
    )
    product_id = fields.Many2one(related="layer_id.product_id", string="Material")
    pedimento_id = fields.Many2one(
        related="layer_id.pedimento_id", string="Import Pedimento"
    )
    partida_id = fields.Many2one(related="layer_id.partida_id", string="Import Partida")
    term_end = fields.Date(related="layer_id.term_end")

    _positive = models.Constraint(
        "CHECK (quantity > 0)", "A reservation needs a quantity greater than zero."
    )
    _one_document = models.Constraint(
        "CHECK (num_nonnulls(destruction_line_id, goods_id) = 1)",
        "A reservation belongs to one line of one document.",
    )
    _once = models.Constraint(
        "UNIQUE (document_key, layer_id)",
        "This line already reserves this layer: change that reservation.",
    )

    @api.depends("destruction_line_id", "goods_id")
    def _compute_document_key(self):
        """The key that the document's exit will have."""
        for reservation in self:
            reservation.document_key = (
                f"D{reservation.destruction_line_id.id}"
                if reservation.destruction_line_id
                else f"G{reservation.goods_id.id}"
            )

    @api.constrains("quantity", "layer_id")
    def _check_balance(self):
        """What is reserved and not yet executed must be there."""
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT l.id, trim_scale(l.quantity - l.qty_discharged)::text,
                       trim_scale(sum(r.quantity))::text
                  FROM immex_reservation r
                  JOIN immex_layer l ON l.id = r.layer_id
                 WHERE r.layer_id IN %s
                   AND NOT EXISTS (
                       SELECT FROM immex_exit_line e
                        WHERE e.company_id = r.company_id AND e.active
                          AND e.source_key = r.document_key)
                 GROUP BY l.id
                HAVING sum(r.quantity) > l.quantity - l.qty_discharged
                """,
                tuple(self.layer_id.ids) or (0,),
            )
        )
        for layer_id, balance, reserved in rows:
            raise ValidationError(
                self.env._(
                    "%(layer)s has a balance of %(balance)s; %(reserved)s would be "
                    "reserved of it.",
                    layer=self.env["immex.layer"].browse(layer_id).display_name,
                    balance=balance,
                    reserved=reserved,
                )
            )

    @api.model
    def _reserve(self, company, date, scope, entries):
        """Reserve what ``entries`` would discharge on ``date``; return reservations.

        :param entries: list of (values that name the document's line, product, lot,
            quantity, is_waste)
        :param str scope: layer_scope of the exit
        :raises UserError: some material has no layer, or the ledger is not up to date
        """
        lines = [
            {
                "product_id": product.id,
                "lot_id": lot and lot.id,
                "quantity": float_repr(quantity, 6),
                "date": date.isoformat(),
                "is_waste": is_waste,
                "layer_scope": scope,
            }
            for _values, product, lot, quantity, is_waste in entries
        ]
        uid = self.env.uid
        rows = self.env["immex.discharge.run"]._on_own_cursor(
            company, lambda cr: simulation.simulate(cr, company.id, uid, lines)
        )
        missing = self.env["product.product"].browse(
            {row["product_id"] for row in rows if not row["covered"]}
        )
        if missing:
            raise UserError(
                self.env._(
                    "No import has enough of %(products)s on %(date)s: see what would "
                    "leave first.",
                    products=", ".join(missing.mapped("display_name")),
                    date=fields.Date.to_string(date),
                )
            )
        layers = {
            layer.source_key: layer
            for layer in self.env["immex.layer"].search(
                [
                    ("company_id", "=", company.id),
                    ("source_key", "in", [row["layer_key"] for row in rows]),
                ]
            )
        }
        if any(row["layer_key"] not in layers for row in rows):
            raise UserError(
                self.env._("Some imports are new to the inventory: run the discharge.")
            )
        quantities = {}
        for row in rows:
            key = row["place"], row["layer_key"]
            quantities[key] = quantities.get(key, 0) + Decimal(row["quantity"])
        return self.create(
            [
                {
                    **entries[place][0],
                    "company_id": company.id,
                    "layer_id": layers[layer_key].id,
                    "quantity": float(quantity),
                }
                for (place, layer_key), quantity in quantities.items()
            ]
        )

    def write(self, vals):
        if "layer_id" in vals:
            raise UserError(
                self.env._("Delete this reservation and make one for the other layer.")
            )
        return super().write(vals)
