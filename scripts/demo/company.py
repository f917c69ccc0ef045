# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The demo company in Odoo: programme, users, parts, bills of materials, places."""

from odoo import Command

import october

PASSWORD = "immex-demo"
# the manager also follows a trace into purchases and sales
USERS = (
    (
        "aduanas",
        "Gabriela Ortiz, gerente de aduanas",
        (
            "immex_compliance.group_manager",
            "purchase.group_purchase_user",
            "sales_team.group_sale_salesman_all_leads",
        ),
    ),
    ("consulta", "Raúl Peña, contador", ("immex_compliance.group_user",)),
)
AUTHORITY = ("autoridad", "Autoridad (consulta en línea)")


class Company:
    """Makes what the month needs and remembers it by the scenario's names."""

    def __init__(self, env):
        self.env = env
        self.company = env.ref("base.main_company")
        self.partners, self.products, self.boms = {}, {}, {}

    def make(self):
        self._company()
        self._partners()
        self._places()
        self._parts()
        self._products()
        self._program()
        self._users()
        return self

    def find(self):
        """Find again what an earlier run made."""
        products = self.env["product.product"].search([("default_code", "!=", False)])
        self.products = {product.default_code: product for product in products}
        return self

    def _company(self):
        env, data = self.env, october.COMPANY
        mexico = env.ref("base.mx")
        mxn = env.ref("base.MXN")
        mxn.active = True
        env.ref("base.USD").active = True
        self.company.write(
            {
                "name": data["name"],
                "country_id": mexico.id,
                "street": data["street"],
                "city": data["city"],
                "zip": data["zip"],
                "vat": data["rfc"],
                "state_id": env.ref("base.state_mx_nl").id,
                "currency_id": mxn.id,
            }
        )
        self.company.partner_id.write({"tz": "America/Monterrey", "lang": "es_MX"})
        env.ref("base.user_admin").tz = "America/Monterrey"
        spanish = (
            env["res.lang"]
            .with_context(active_test=False)
            .search([("code", "=", "es_MX")])
        )
        env["base.language.install"].create({"lang_ids": spanish.ids}).lang_install()
        # customs counts three decimals and more
        env.ref("uom.decimal_product_uom").digits = 6

    def _partners(self):
        for key, (name, country, tax_id) in october.PARTNERS.items():
            self.partners[key] = self.env["res.partner"].create(
                {
                    "name": name,
                    "is_company": True,
                    "country_id": self.env.ref(f"base.{country.lower()}").id,
                    "ref": tax_id,
                }
            )

    def _places(self):
        env = self.env
        self.plants = {
            1: env["stock.warehouse"].search(
                [("company_id", "=", self.company.id)], limit=1
            )
        }
        self.plants[1].write({"name": "Planta 1 Apodaca", "code": "PL1"})
        self.plants[2] = env["stock.warehouse"].create(
            {"name": "Planta 2 Guadalupe", "code": "PL2", "company_id": self.company.id}
        )
        self.domestic = env["stock.location"].create(
            {
                "name": "Nacional",
                "location_id": self.plants[1].lot_stock_id.id,
                "usage": "internal",
                "immex_customs_status": "domestic",
            }
        )
        group = env.ref("stock.group_tracking_owner")
        env.ref("base.group_user").write({"implied_ids": [Command.link(group.id)]})
        lots = env.ref("stock.group_production_lot")
        env.ref("base.group_user").write({"implied_ids": [Command.link(lots.id)]})

    def _tariff(self, fraccion, nico):
        return self.env["immex.tariff.item"].search(
            [("fraccion", "=", fraccion), ("nico", "=", nico)], limit=1
        )

    def _parts(self):
        env = self.env
        classes = {"A": "fixed_asset", "X": "packaging"}
        units = {
            october.METRE: env.ref("uom.product_uom_meter"),
            october.PIECE: env.ref("uom.product_uom_unit"),
            october.THOUSAND: env.ref("uom.product_uom_unit"),
        }
        sellers = self._sellers()
        for part in october.PARTS.values():
            product = env["product.product"].create(
                {
                    "name": part.name,
                    "default_code": part.code,
                    "type": "consu",
                    "is_storable": True,
                    "tracking": "serial" if part.source == "A" else "none",
                    "uom_id": units[part.umc].id,
                    "immex_class": classes.get(part.source, "material"),
                    "immex_tariff_item_id": self._tariff(part.fraccion, part.nico).id,
                    "standard_price": float(part.price) * 18.3,
                    "seller_ids": [
                        Command.create(values) for values in sellers.get(part.code, ())
                    ],
                }
            )
            if part.umc == october.THOUSAND:
                product.immex_factor_ids = [
                    Command.create(
                        {
                            "unit_id": env.ref("immex_compliance.unit_11").id,
                            "factor": 0.001,
                            "valid_from": "2026-01-01",
                        }
                    )
                ]
            self.products[part.code] = product

    def _sellers(self):
        """Suppliers' own part numbers, but for the one that a user resolves."""
        found = {}
        for document in october.IMPORTS:
            for code, _quantity in document.lines:
                number = document.part_numbers.get(code, code)
                if (code, number) != october.UNKNOWN_PART:
                    found.setdefault(code, []).append(
                        {
                            "partner_id": self.partners[document.partner].id,
                            "product_code": number,
                            "price": float(october.PARTS[code].price),
                            "currency_id": self.env.ref("base.USD").id,
                        }
                    )
        return found

    def _products(self):
        env = self.env
        harness = self._tariff(*october.HARNESS)
        code, name = october.SCRAP
        self.products[code] = env["product.product"].create(
            {
                "name": name,
                "default_code": code,
                "type": "consu",
                "is_storable": True,
                "uom_id": env.ref("uom.product_uom_kgm").id,
                "immex_class": "waste",
                "immex_tariff_item_id": self._tariff(*october.SCRAP_TARIFF).id,
            }
        )
        for code, (name, weight, price, bom) in october.PRODUCTS.items():
            product = self.products[code] = env["product.product"].create(
                {
                    "name": name,
                    "default_code": code,
                    "type": "consu",
                    "is_storable": True,
                    "immex_class": "product",
                    "weight": float(weight),
                    "list_price": float(price) * 18.3,
                    "immex_tariff_item_id": harness.id,
                    "immex_factor_ids": [
                        Command.create(
                            {
                                "unit_id": env.ref("immex_compliance.unit_1").id,
                                "factor": float(weight),
                                "valid_from": "2026-01-01",
                            }
                        )
                    ],
                }
            )
            made_outside = code == october.SUBMAQUILA[0]
            self.boms[code] = env["mrp.bom"].create(
                {
                    "product_tmpl_id": product.product_tmpl_id.id,
                    "product_qty": 1,
                    "type": "subcontract" if made_outside else "normal",
                    "subcontractor_ids": [
                        Command.link(self.partners[october.SUBMAQUILA[3]].id)
                    ]
                    if made_outside
                    else [],
                    "bom_line_ids": [
                        Command.create(
                            {
                                "product_id": self.products[component].id,
                                "product_qty": quantity,
                            }
                        )
                        for component, quantity in bom.items()
                    ],
                }
            )

    def _program(self):
        env = self.env
        addresses = {}
        for kind, name, street in (
            ("plant", "Planta 1 Apodaca", "Av. Industrial 1200"),
            ("plant", "Planta 2 Guadalupe", "Calle Acero 455"),
            ("warehouse", "Almacén general", "Av. Industrial 1210"),
        ):
            addresses[name] = env["res.partner"].create(
                {
                    "name": name,
                    "type": "other",
                    "parent_id": self.company.partner_id.id,
                    "street": street,
                    "city": "Apodaca"
                    if "1" in name or kind != "plant"
                    else "Guadalupe",
                    "state_id": env.ref("base.state_mx_nl").id,
                    "zip": "66600",
                    "country_id": env.ref("base.mx").id,
                }
            )
        env["immex.program"].create(
            {
                "company_id": self.company.id,
                "kind": "immex",
                "name": october.COMPANY["program"],
                "modality": "industrial",
                "valid_from": "2015-07-01",
                "site_ids": [
                    Command.create(
                        {
                            "kind": "fiscal",
                            "name": "Domicilio fiscal",
                            "partner_id": self.company.partner_id.id,
                        }
                    ),
                    *(
                        Command.create(
                            {
                                "kind": "warehouse" if "Almacén" in name else "plant",
                                "name": name,
                                "partner_id": address.id,
                            }
                        )
                        for name, address in addresses.items()
                    ),
                    Command.create(
                        {
                            "kind": "submaquila",
                            "name": self.partners["riberas"].name,
                            "partner_id": self.partners["riberas"].id,
                            "authorization": "AV-SM-2026-0117",
                        }
                    ),
                ],
            }
        )

    def _users(self):
        env = self.env
        env.ref("base.user_admin").password = PASSWORD
        for login, name, groups in USERS:
            env["res.users"].create(
                {
                    "name": name,
                    "login": login,
                    "password": PASSWORD,
                    "tz": "America/Monterrey",
                    "lang": "es_MX",
                    "group_ids": [Command.link(env.ref(group).id) for group in groups],
                }
            )
        login, name = AUTHORITY
        authority = env["res.users"].create(
            {
                "name": name,
                "login": login,
                "password": PASSWORD,
                "lang": "es_MX",
                "group_ids": [
                    Command.set(env.ref("immex_compliance.group_authority").ids)
                ],
            }
        )
        env["immex.authority.access"].create(
            {
                "user_id": authority.id,
                "company_id": self.company.id,
                "valid_from": "2026-01-01",
                "note": "Escrito libre AGACE 2026-118",
            }
        )
