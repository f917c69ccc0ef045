# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import base64
import os
from unittest.mock import patch

from cryptography.fernet import Fernet

from odoo import Command

from . import efirma_make as make
from .common import RFC, ImmexCase

SERVER_KEY = Fernet.generate_key().decode()


def server_key(value=SERVER_KEY):
    """The server has this key for passphrases; empty: none."""
    return patch.dict(os.environ, {"IMMEX_EFIRMA_KEY": value})


class CoveCase(ImmexCase):
    """A company with an e.firma, a customer abroad, and an invoice of two parts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"email": "customs@arneses.example"})
        cls.company.partner_id.write(
            {
                "street": "AV. TECNOLÓGICO 100",
                "street2": "PARQUE INDUSTRIAL",
                "city": "CIUDAD JUÁREZ",
                "state_id": cls.env.ref("base.state_mx_chih").id,
                "zip": "32500",
            }
        )
        cls.dollar = cls.env.ref("base.USD")
        cls.peso = cls.env.ref("base.MXN")
        (cls.dollar | cls.peso).active = True
        cls.company.currency_id = cls.peso
        cls.env["res.currency.rate"].search(
            [("currency_id", "in", (cls.dollar | cls.peso).ids)]
        ).unlink()
        cls.env["res.currency.rate"].create(
            {
                "currency_id": cls.dollar.id,
                "company_id": cls.company.id,
                "name": "2026-11-01",
                "rate": 1 / 20,
            }
        )
        cls.customer = cls.env["res.partner"].create(
            {
                "name": "ACME AEROSPACE CORPORATION",
                "vat": "06-0858386",
                "is_company": True,
                "street": "227 GUN CLUB ROAD",
                "city": "JACKSONVILLE",
                "state_id": cls.env.ref("base.state_us_10").id,
                "zip": "32218",
                "country_id": cls.env.ref("base.us").id,
            }
        )
        cls.supplier.write({"street": "1 MAIN ST", "city": "LAREDO"})
        cls.terminal.immex_customs_description = "TERMINAL DE COBRE"
        cls._accounts()

    @classmethod
    def _efirma(cls, passphrase=make.PASSPHRASE, number=0, **options):
        return cls.env["immex.efirma"].create(
            {
                "company_id": cls.company.id,
                "certificate": base64.b64encode(
                    make.certificate(RFC, number, **options)
                ),
                "private_key": base64.b64encode(make.key_file(number)),
                "passphrase": passphrase,
            }
        )

    @classmethod
    def _accounts(cls):
        """A journal and an account each for sales and purchases."""
        values = {"company_ids": [Command.set(cls.company.ids)]}
        accounts = cls.env["account.account"].create(
            [
                {"code": code, "name": kind, "account_type": kind, **values}
                for code, kind in (
                    ("CV.1", "income"),
                    ("CV.2", "expense"),
                    ("CV.3", "asset_receivable"),
                    ("CV.4", "liability_payable"),
                )
            ]
        )
        partners = (cls.customer | cls.supplier).with_company(cls.company)
        partners.property_account_receivable_id = accounts[2]
        partners.property_account_payable_id = accounts[3]
        cls.journals = {}
        for kind, code, account in (
            ("out_invoice", "sale", accounts[0]),
            ("in_invoice", "purchase", accounts[1]),
        ):
            cls.journals[kind] = cls.env["account.journal"].create(
                {
                    "name": code,
                    "code": f"CV{code[0].upper()}",
                    "type": code,
                    "company_id": cls.company.id,
                    "default_account_id": account.id,
                }
            )

    @classmethod
    def _invoice(cls, kind, lines, currency=None, post=True, **values):
        """A confirmed invoice; each of ``lines`` is (product, quantity, price)."""
        partner = cls.customer if kind == "out_invoice" else cls.supplier
        move = cls.env["account.move"].create(
            {
                "move_type": kind,
                "journal_id": cls.journals[kind].id,
                "partner_id": partner.id,
                "invoice_date": "2026-11-20",
                "currency_id": (currency or cls.dollar).id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "quantity": quantity,
                            "price_unit": price,
                            "tax_ids": [Command.clear()],
                        }
                    )
                    for product, quantity, price in lines
                ],
                **values,
            }
        )
        if post:
            move.action_post()
        return move
