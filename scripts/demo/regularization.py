# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Corrections proposed: ``make shell DB=immex_demo < scripts/demo/regularization.py``.

A company of its own whose receipts do not agree with its pedimentos, and with a
temporary import past its term; see docs/regularisation.md. INPC, surcharges and the
duty are EXAMPLES, no official figures, and say so in their source.
"""

from datetime import date

from dateutil.relativedelta import relativedelta

env = env  # noqa: F821, PLW0127  the shell gives it
NAME, EXAMPLE = "Corrige, S.A. de C.V.", "EXAMPLE, not official"
TODAY = date.today()  # noqa: DTZ011  a demo happens today
PAST, RECENT = TODAY - relativedelta(months=23), TODAY - relativedelta(days=40)


def figures():
    """Example figures of the months that nobody entered."""
    months = [TODAY.replace(day=1) - relativedelta(months=n) for n in range(30)]
    for model, field, value in (
        ("immex.price.index", "value", lambda n: 140 - n * 0.45),
        ("immex.surcharge.rate", "rate", lambda n: 1.47),
    ):
        known = env[model].search([]).mapped("month")
        env[model].create(
            [
                {"month": month, field: value(n), "source": EXAMPLE}
                for n, month in enumerate(months)
                if month not in known
            ]
        )
    rates = env["immex.tariff.rate"]
    for item in env["immex.tariff.item"].search([("fraccion", "=", "85369099")]):
        if not rates._rates_at([item.code], "import", PAST):
            rates.create(
                {
                    "tariff_item_id": item.id,
                    "flow": "import",
                    "rate": 5,
                    "valid_from": "2020-01-01",
                    "valid_to": TODAY,
                    "source": EXAMPLE,
                }
            )


def pedimento(company, document, day, product, quantity):
    key = env["immex.pedimento.key"].search([("code", "=", "IN")], limit=1)
    piece = env["immex.unit"].search([("code", "=", "6")], limit=1)
    amounts = {
        "qty_umc": quantity,
        "qty_umt": quantity,
        "value_usd": quantity * 2,
        "customs_value": quantity * 36,
        "commercial_value": quantity * 35,
    }
    common = {"company_id": company.id}
    record = env["immex.pedimento"].create(
        {
            **common,
            "year": day.year,
            "office": "24",
            "office_section": "240",
            "patente": "3456",
            "document": f"{day.year % 10}{document}",
            "operation_type": "1",
            "key_id": key.id,
            "operation_rule_id": env["immex.operation.rule"]
            ._match(key, "1", None, ())
            .id,
            "entry_date": day,
            "payment_date": day,
            "state": "ready",
        }
    )
    partida = env["immex.pedimento.partida"].create(
        {
            **common,
            **amounts,
            "pedimento_id": record.id,
            "sequence": 1,
            "fraccion": "85369099",
            "description": product.name,
            "umc_id": piece.id,
            "umt_id": piece.id,
            "detail_state": "done",
        }
    )
    env["immex.pedimento.goods"].create(
        {
            **common,
            **amounts,
            "pedimento_id": record.id,
            "partida_id": partida.id,
            "product_id": product.id,
            "quantity": quantity,
            "factor": 1,
        }
    )
    return record


def receipt(company, day, product, quantity, document=None):
    warehouse = env["stock.warehouse"].search(
        [("company_id", "=", company.id)], limit=1
    ) or env["stock.warehouse"].create({"name": "Planta", "code": "CORR"})
    places = {
        "location_id": env.ref("stock.stock_location_suppliers").id,
        "location_dest_id": warehouse.lot_stock_id.id,
    }
    move = {"product_id": product.id, "product_uom_qty": quantity, **places}
    picking = env["stock.picking"].create(
        {
            "picking_type_id": warehouse.in_type_id.id,
            "immex_pedimento_id": document and document.id,
            "immex_event_date": day,
            "move_ids": [(0, 0, move)],
            **places,
        }
    )
    picking.action_confirm()
    for line in picking.move_ids:
        line.quantity, line.picked = quantity, True
    picking.button_validate()


def company_of_the_demo():
    company = env["res.company"].create(
        {"name": NAME, "country_id": env.ref("base.mx").id}
    )
    users = env.ref("base.user_admin") | env.user
    users.write({"company_ids": [(4, company.id)]})
    env["immex.program"].create(
        {"company_id": company.id, "name": "4321-2019", "valid_from": "2019-01-01"}
    )
    return company


if env["res.company"].search([("name", "=", NAME)]):
    print("The company of this demo is there already: nothing done")
else:
    figures()
    company = company_of_the_demo()
    env = env(context=dict(env.context, allowed_company_ids=company.ids))
    terminal = env["product.product"].create(
        {
            "name": "Terminal TRM-9",
            "default_code": "TRM-9",
            "type": "consu",
            "is_storable": True,
            "immex_class": "material",
            "company_id": company.id,
        }
    )
    past = pedimento(company, "000101", PAST, terminal, 800)
    receipt(company, PAST, terminal, 800, past)
    short = pedimento(company, "000102", RECENT, terminal, 500)
    receipt(company, RECENT, terminal, 470, short)
    over = pedimento(company, "000103", RECENT, terminal, 300)
    receipt(company, RECENT, terminal, 360, over)
    receipt(company, RECENT, terminal, 25)
    env.cr.commit()  # a run has a connection of its own
    env["immex.discharge.run"]._run_company(company, "demo")
    check = env["immex.receipt.check"].create({"date": TODAY})
    check.action_run()
    check.line_ids.action_propose()
    env["immex.layer"].search(
        [("pedimento_id", "=", past.id)]
    ).action_propose_regularization()
    for proposal in env["immex.regularization"].search(
        [("company_id", "=", company.id)]
    ):
        print(f"{proposal.display_name}: {proposal.path}")
        print(f"    to pay {proposal.total:,.0f}, fine {proposal.fine_max:,.0f}")
        print(
            f"    saved {proposal.saving_min:,.0f} to {proposal.saving_max:,.0f} pesos"
        )
        if proposal.problem:
            print(f"    missing: {proposal.problem}")
    env.cr.commit()
