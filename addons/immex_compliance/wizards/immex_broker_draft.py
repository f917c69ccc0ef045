# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import io
from decimal import Decimal

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..formats.m3.draft import (
    Draft,
    Part,
    clean,
    group,
    identifiers_of,
    write_draft,
    write_parts,
)
from . import broker_draft_sql as sql

IMMEX_IDENTIFIER = "IM"  # Appendix 8: company with an IMMEX programme


class ImmexBrokerDraft(models.TransientModel):
    """Draft of a pedimento for the broker: broker file (SAAI M3, unsigned) and part
    file, from a transfer or a purchase.

    What is missing is listed, and no file is made before it is there: a broker's
    program would refuse it.
    """

    _name = "immex.broker.draft"
    _description = "Draft for the customs broker"

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    picking_id = fields.Many2one("stock.picking", "Transfer", readonly=True)
    purchase_id = fields.Many2one("purchase.order", readonly=True)
    partner_id = fields.Many2one("res.partner", "Supplier or Buyer", required=True)
    operation_type = fields.Selection(
        [("1", "Import"), ("2", "Export")], required=True, readonly=True
    )
    patente = fields.Char("Broker's Patent", size=4)
    customs_office_id = fields.Many2one("immex.customs.office", "Office and Section")
    document = fields.Char(
        "Document Number",
        size=7,
        help="7 digits that the broker gave; else one that the broker replaces.",
    )
    key_id = fields.Many2one("immex.pedimento.key", "Pedimento Key")
    regime_id = fields.Many2one(
        "immex.regime",
        help="No record of the file holds it: it is told in the observation (511).",
    )
    invoice_number = fields.Char("Invoice or COVE")
    invoice_date = fields.Date()
    incoterm_id = fields.Many2one("immex.incoterm")
    currency_id = fields.Many2one("res.currency", required=True)
    usd_rate = fields.Float(
        "Dollars a Unit",
        digits=(14, 8),
        help="Dollars for one unit of the invoice's currency (1 for dollars).",
    )
    exchange_rate = fields.Float(
        "Pesos a Dollar",
        digits=(9, 5),
        help="Exchange rate of the pedimento (record 501, field 11).",
    )
    gross_weight = fields.Float("Gross Weight (kg)", digits=(14, 3))
    price_rule = fields.Selection(
        [
            ("same", "Parts of the same unit price"),
            ("any", "Parts of any price"),
            ("part", "One part"),
        ],
        "A Partida Holds",
        required=True,
        default="same",
        help="Beside tariff item, NICO, units and country, which are always the same.",
    )
    line_ids = fields.One2many("immex.broker.draft.line", "draft_id")
    state = fields.Selection(
        [("draft", "To complete"), ("done", "Made")], required=True, default="draft"
    )
    missing = fields.Text(readonly=True)
    m3_id = fields.Many2one("ir.attachment", "Broker File", readonly=True)
    parts_id = fields.Many2one("ir.attachment", "Part File", readonly=True)

    # opening ---------------------------------------------------------------------
    @api.model
    @api.private
    def _open(self, record):
        """Make the draft of a transfer or a purchase; return the action that shows
        it."""
        self.check_access("create")
        record.ensure_one()
        record.check_access("read")
        draft = self.create(self._values(record))
        draft._fill(record)
        return draft._show()

    def _values(self, record):
        purchase = record._name == "purchase.order"
        # who makes the draft need not read sales
        order = record.sudo()
        if not purchase:
            order = order.purchase_id or order.sale_id
        incoming = purchase or record.picking_type_code == "incoming"
        company = record.company_id
        currency = order.currency_id or company.currency_id
        today = fields.Date.context_today(self)
        at = record.date_order.date() if purchase else record.immex_event_date or today
        dollar = self.env.ref("base.USD")
        number, invoiced = self._invoice(order)
        return {
            "company_id": company.id,
            "purchase_id": record.id if purchase else False,
            "picking_id": False if purchase else record.id,
            "partner_id": (record.partner_id or order.partner_id).id,
            "operation_type": "1" if incoming else "2",
            "document": f"{today.year % 10}000000",
            "invoice_number": number,
            "invoice_date": invoiced or at,
            "incoterm_id": self._incoterm(order),
            "currency_id": currency.id,
            "usd_rate": self._known_rate(currency, dollar, company, at),
            "exchange_rate": self._known_rate(
                dollar, self.env.ref("base.MXN"), company, at
            ),
        }

    @staticmethod
    def _known_rate(source, target, company, at):
        """Units of ``target`` for one of ``source``; 0 where no rate is recorded, for
        which Odoo itself would say 1."""
        foreign = (source | target) - company.currency_id
        known = source == target or all(currency.rate_ids for currency in foreign)
        return source._get_conversion_rate(source, target, company, at) if known else 0

    @staticmethod
    def _invoice(order):
        """Number and date of the invoice of an order, where there is one."""
        invoice = order.invoice_ids.filtered(lambda i: i.state == "posted")[:1]
        number = invoice.ref or invoice.name if invoice else False
        if not number and order and order._name == "purchase.order":
            number = order.partner_ref
        return number, invoice.invoice_date if invoice else False

    def _incoterm(self, order):
        if not order or "incoterm_id" not in order._fields:
            incoterm = order.incoterm if order else False
        else:
            incoterm = order.incoterm_id
        if not incoterm:
            return False
        return self.env["immex.incoterm"].search(
            [("code", "=", incoterm.code)], limit=1
        )

    def _fill(self, record):
        """Lines of the record, with what the products know."""
        self.env.flush_all()
        purchase = record._name == "purchase.order"
        self.env.cr.execute(
            sql.PURCHASE if purchase else sql.TRANSFER, {"id": record.id}
        )
        rows = self.env.cr.fetchall()
        if not rows:
            raise UserError(
                self.env._("There are no goods in %s.", record.display_name)
            )
        if len({row[3] for row in rows if row[3]}) > 1:
            raise UserError(
                self.env._(
                    "The lines of %s have several currencies: make one transfer for "
                    "each invoice.",
                    record.display_name,
                )
            )
        products = self.env["product.product"].browse([row[0] for row in rows])
        countries = self._countries(products)
        identifiers = self._identifiers(products)
        units = {
            unit.uom_id: unit
            for unit in self.env["immex.unit"].search([("uom_id", "!=", False)])
        }
        self.line_ids = [
            Command.create(
                {
                    "product_id": product.id,
                    "description": product.immex_customs_description or product.name,
                    "quantity": float(quantity),
                    "value": float(value or 0),
                    "tariff_item_id": product.immex_tariff_item_id.id,
                    "umc_id": (
                        units.get(product.uom_id)
                        or product.immex_tariff_item_id.unit_id
                    ).id,
                    "origin_id": countries.get(product.id),
                    "identifiers": identifiers.get(product.id),
                }
            )
            for product, (_id, quantity, value, _currency) in zip(
                products, rows, strict=True
            )
        ]

    def _countries(self, products):
        """Origin of imported parts as last declared; destination of what leaves."""
        if self.operation_type == "2":
            country = self._country()
            return dict.fromkeys(products.ids, country.id)
        self.env.cr.execute(
            sql.ORIGINS, {"company_id": self.company_id.id, "products": products.ids}
        )
        return dict(self.env.cr.fetchall())

    def _identifiers(self, products):
        """Identifiers of imported parts as last declared."""
        if self.operation_type == "2":
            return {}
        self.env.cr.execute(
            sql.IDENTIFIERS,
            {"company_id": self.company_id.id, "products": products.ids},
        )
        return dict(self.env.cr.fetchall())

    def _country(self):
        """Customs' key of the partner's country."""
        country = self.partner_id.country_id
        return self.env["immex.country"].search(
            [("country_id", "=", country.id or 0)], limit=1
        )

    def _show(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Draft for the Customs Broker"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    # making ------------------------------------------------------------------------
    def action_make(self):
        """Button: make both files and keep them at the transfer or purchase; or list
        what is missing."""
        self.ensure_one()
        self.env.flush_all()
        quantities = {
            name: self._decimals(query)
            for name, query in (
                ("umc", sql.QUANTITY_UMC),
                ("umt", sql.QUANTITY_UMT),
                ("value", sql.VALUES),
            )
        }
        missing = self._missing(quantities)
        self.missing = "\n".join(missing)
        if missing:
            return self._show()
        draft = self._draft()
        partidas = group(draft, self._parts(quantities), self.price_rule)
        name = f"m{self.patente}001.{fields.Date.context_today(self):%j}"
        broker, parts = io.BytesIO(), io.BytesIO()
        write_draft(broker, draft, partidas, name)
        write_parts(parts, draft, partidas)
        self.m3_id = self._attach(name, broker.getvalue(), "text/plain")
        self.parts_id = self._attach(
            f"partes_{name.replace('.', '_')}.csv", parts.getvalue(), "text/csv"
        )
        self.state = "done"
        return self._show()

    def action_back(self):
        """Button: change something and make them again."""
        self.state = "draft"
        return self._show()

    def action_download_m3(self):
        """Button: download the broker file."""
        return self._download(self.m3_id)

    def action_download_parts(self):
        """Button: download the part file."""
        return self._download(self.parts_id)

    def _download(self, attachment):
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "self",
        }

    def _decimals(self, query):
        """``{line id: Decimal or None}`` of a query."""
        self.env.cr.execute(query, {"id": self.id})
        return {
            line: None if text is None else Decimal(text)
            for line, text in self.env.cr.fetchall()
        }

    def _attach(self, name, content, mimetype):
        record = self.picking_id or self.purchase_id
        record.check_access("read")
        # who makes the draft need not be one who may change the transfer
        return (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": name,
                    "res_model": record._name,
                    "res_id": record.id,
                    "raw": content,
                    "mimetype": mimetype,
                }
            )
        )

    def _parts(self, quantities):
        seller = self._country().code
        return [
            Part(
                number=line.product_id.default_code,
                description=line.description,
                fraccion=line.tariff_item_id.fraccion,
                nico=line.tariff_item_id.nico,
                qty_umc=quantities["umc"][line.id],
                umc=line.umc_id.code,
                qty_umt=quantities["umt"][line.id],
                umt=line.tariff_item_id.unit_id.code,
                value=quantities["value"][line.id],
                origin=line.origin_id.code,
                seller=seller,
                note=line.note or "",
                identifiers=identifiers_of(line.identifiers),
            )
            for line in self.line_ids
        ]

    def _draft(self):
        company, partner = self.company_id, self.partner_id
        program = company.immex_program_ids.filtered(lambda p: p.kind == "immex")[:1]
        own = company.partner_id
        source = self.picking_id or self.purchase_id
        return Draft(
            office=self.customs_office_id.code,
            patente=self.patente,
            document=self.document,
            operation=self.operation_type,
            key=self.key_id.code,
            rfc=company.vat.strip().upper(),
            invoice_number=self.invoice_number,
            invoice_date=self.invoice_date,
            currency=self.currency_id.name,
            usd_rate=self._rate("usd_rate", 8),
            exchange_rate=self._rate("exchange_rate", 5),
            header={
                "nombre": clean(company.name, 120),
                "calle": clean(own.street, 80),
                "codigo_postal": clean(own.zip, 10),
                "municipio": clean(own.city, 80),
                "pais": "MEX",
                "peso_bruto": self._rate("gross_weight", 3),
            },
            invoice={
                "termino": self.incoterm_id.code or "",
                "pais": self._country().code,
                "identificacion": clean(partner.vat, 30),
                "nombre": clean(partner.name, 120),
                "calle": clean(partner.street, 80),
                "codigo_postal": clean(partner.zip, 10),
                "municipio": clean(partner.city, 80),
            },
            identifiers=(
                {"clave": IMMEX_IDENTIFIER, "complemento1": clean(program.name, 20)},
            )
            if program
            else (),
            observation=" ".join(filter(None, (source.name, self.regime_id.code))),
        )

    def _rate(self, name, digits):
        """Stored number of the draft, exactly."""
        self.env.cr.execute(
            f"SELECT round({name}, {digits})::text"  # pylint: disable=sql-injection
            " FROM immex_broker_draft WHERE id = %s",
            (self.id,),
        )
        return Decimal(self.env.cr.fetchone()[0] or 0)
