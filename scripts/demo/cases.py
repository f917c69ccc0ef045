# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A case for every movement that touches a balance, in a company of their own.

Each begins with parts of its own (codes C01-MAT, C01-PT, ...) and says what must remain
of its imports after the discharge, and which findings it must open. Materials come in
on 1 October, ten products are made of 50 pieces on the 5th and leave on the 10th where
nothing else is said.
"""

import datetime

from odoo import Command

from case_book import EXPORT, IMPORT, CaseBook, at

CASES = []


def case(title, law):
    """A case: its title for the screens, and where the law says what happens."""

    def add(function):
        CASES.append((title, law, function))
        return function

    return add


# entries ------------------------------------------------------------------------
@case("Retorno de producto (IN, RT)", "LA 108-I, 111; Anexo 24 A-II-c")
def returned(book):
    paper = book.enter()
    book.make()
    book.leave()
    return {paper: 50}, ()


@case("Retorno en el mismo estado (RT)", "LA 108-I, 111")
def same_state(book):
    paper = book.enter()
    book.leave(part=book.material, quantity=30)
    return {paper: 70}, ()


@case("El saldo del pedimento más antiguo no alcanza", "Anexo 24 A-II-c, PEPS caso 2")
def two_imports(book):
    old, new = book.enter(quantity=40), book.enter(day=2)
    book.make()
    book.leave()
    return {old: 0, new: 90}, ()


@case("Activo fijo por su serie (AF)", "LA 108-III; Anexo 24 A")
def asset(book):
    press = book.part("PRENSA", "fixed_asset", tracking="none")
    paper = book.enter("AF", 1, part=press)
    book.leave(part=press, quantity=1, day=20)
    return {paper: 0}, ()


@case("Transferencia recibida, seis meses (V1)", "RLA 166-III; LA 112")
def transfer_received(book):
    paper = book.enter("V1")
    book.make()
    book.leave()
    return {paper: 50}, ()


@case("Compra a proveedor nacional, 18 meses (V1, CN)", "RGCE 5.2.5; Decreto IMMEX 4")
def national_supplier(book):
    paper = book.enter("V1", identifiers=[("V1", ("CN",))])
    book.leave(part=book.material, quantity=30)
    return {paper: 70}, ()


@case("Extracción de depósito fiscal (E1)", "LA 119, 120")
def bonded(book):
    before = book.enter()
    paper = book.enter(
        "E1",
        day=8,
        entry_date=datetime.date(2026, 7, 1),
        extraction_date=at(8),
    )
    book.leave(part=book.material, quantity=60)
    return {before: 40, paper: 100}, ()


@case("Activo fijo extraído de depósito fiscal (E2)", "LA 119, 120, 108-III")
def bonded_asset(book):
    press = book.part("PRENSA", "fixed_asset")
    paper = book.enter("E2", 2, part=press, extraction_date=at(1))
    book.leave(part=press, quantity=1)
    return {paper: 1}, ()


@case("Exportación rechazada que vuelve (IN, supuesto II)", "LA 103; Anexo 22, Ap. 2")
def rejected(book):
    paper = book.enter()
    book.make()
    book.leave()
    back = book.enter("IN", 4, day=20, part=book.product, case="II")
    book.leave(quantity=4, day=25)
    return {paper: 50, back: 0}, ()


@case("Importación definitiva (A1)", "LA 96; regla 12")
def definitive(book):
    paper = book.enter()
    own = book.enter("A1", 7, day=3)
    book.leave(part=book.material, quantity=60)
    return {paper: 40, own: 7}, ()


@case("Compra nacional con CFDI de la misma parte", "Anexo 24 A-II; regla 12")
def domestic(book):
    paper = book.enter()
    book.receive(20, 2, immex_customs_status="domestic")
    book.leave(part=book.material, quantity=60)
    return {paper: 40}, ()


# exits --------------------------------------------------------------------------
@case("Transferencia a otra IMMEX (V1)", "LA 112; RGCE 4.3.21")
def transferred(book):
    paper = book.enter()
    book.make()
    book.leave("V1")
    return {paper: 50}, ()


@case("Transferencia de OEA a residente (V5)", "RGCE 7.3.3")
def transferred_v5(book):
    paper = book.enter()
    book.make()
    book.leave("V5")
    return {paper: 50}, ()


@case("Constancia de transferencia de mercancías (V4)", "RGCE 4.3.11, 4.3.13")
def transferred_v4(book):
    paper = book.enter()
    book.make()
    book.leave("V4")
    return {paper: 50}, ()


@case("Donación (V9)", "LA 61-XVI; RLA 172")
def donated(book):
    paper = book.enter()
    book.make()
    book.leave("V9")
    return {paper: 50}, ()


@case("Cambio de régimen del material (F4)", "LA 109; RGCE 1.6.8")
def regime_change(book):
    paper = book.enter()
    now = book.paper("F4", IMPORT, 10, [(book.material, 30)])
    return {paper: 70, now: 30}, ()


@case("Cambio de régimen de producto terminado (F4)", "RGCE 1.6.8; RLA 140-III")
def regime_change_made(book):
    paper = book.enter()
    book.make()
    now = book.paper("F4", IMPORT, 10, [(book.product, 4)])
    return {paper: 80, now: 4}, ()


@case("Cambio de régimen de activo fijo (F5)", "LA 110")
def regime_change_asset(book):
    press = book.part("PRENSA", "fixed_asset")
    paper = book.enter("AF", 3, part=press)
    now = book.paper("F5", IMPORT, 20, [(press, 1)])
    return {paper: 2, now: 1}, ()


@case("Regularización de lo vencido (A3, supuesto II)", "RGCE 2.5.2")
def regularised(book):
    expired = book.enter(day=datetime.date(2024, 1, 10))
    paper = book.enter()
    now = book.paper("A3", IMPORT, 20, [(book.material, 25)], case="II")
    return {expired: 75, paper: 100, now: 25}, ()


@case("Robo (A3, supuesto VII)", "RGCE 2.5.7")
def stolen(book):
    paper = book.enter()
    book.paper("A3", IMPORT, 20, [(book.material, 12)], case="VII")
    return {paper: 88}, ()


@case("Destrucción de material", "RLA 142; RGCE 4.3.5")
def destroyed(book):
    paper = book.enter()
    act = book.destroy(book.material, 15)
    act.action_done()
    return {paper: 85}, ()


@case("Transferencia de desperdicio (V1, supuesto IX)", "RGCE 1.6.9; RLA 171")
def waste(book):
    paper = book.enter()
    scrap = book.part("DESP", "waste")
    book.make(waste=8, scrap=(scrap, 8))
    book.leave("V1", 5, part=scrap, case="IX")
    return {paper: 95}, ()


@case("Retorno de empaques (A1, supuesto V)", "RGCE 4.3.3")
def packaging(book):
    paper = book.enter()
    book.leave("A1", 6, part=book.material, case="V")
    return {paper: 94}, ()


@case("Salida a la que nadie puso documento", "Regla 3: LA 108")
def undocumented(book):
    paper = book.enter()
    book.make()
    book.deliver(4, 10)
    return {paper: 100}, {"exit_without_document"}


@case("Devolución a proveedor nacional (K1, supuesto IV)", "Anexo 22, Ap. 2")
def given_back_national(book):
    paper = book.enter()
    book.paper("K1", IMPORT, 10, [(book.material, 20)], case="IV")
    book.deliver(20, 10, part=book.material)
    return {paper: 80}, None


@case("Exportación para transformar afuera (BM)", "LA 117")
def sent_to_transform(book):
    paper = book.enter()
    book.paper("BM", EXPORT, 10, [(book.material, 20)])
    return {paper: 100}, None


# production ---------------------------------------------------------------------
@case("Consumo real mayor que el previsto, con merma", "Anexo 24 A-II-b; LA 2-XI")
def actual_use(book):
    paper = book.enter()
    book.make(drawn=57, merma=3)
    book.leave()
    return {paper: 43}, ()


@case("Subproducto", "Anexo 24 A-II-b; regla 6")
def by_product(book):
    paper = book.enter()
    other = book.part("SUB", "product")
    book.make(10, 40, byproducts=[(other, 10)])
    book.leave()
    return {paper: 80}, ()


@case("Tres niveles de subensambles", "Anexo 24 A-II-b")
def levels(book):
    paper = book.enter()
    low, middle = book.part("SUB1", "product"), book.part("SUB2", "product")
    book.make(20, 40, 2, low)
    book.make(10, product=middle, day=3, parts=[(low, 20)])
    book.make(5, product=book.product, day=5, parts=[(middle, 10)])
    book.leave(quantity=5)
    return {paper: 60}, ()


@case("Retrabajo", "Anexo 24 A-II-b")
def rework(book):
    paper = book.enter()
    book.make()
    better = book.part("PT2", "product")
    book.make(10, day=7, product=better, parts=[(book.product, 10), (book.material, 5)])
    book.leave(part=better)
    return {paper: 45}, ()


@case("Desensamble con partes recuperadas", "Regla 8; Anexo 24 A-II-b")
def taken_apart(book):
    whole = book.part("EQUIPO")
    paper = book.enter(part=whole, quantity=10)
    recovered = book.part("REC", "product")
    book.make(20, product=recovered, parts=[(whole, 5)])
    book.leave(part=recovered, quantity=8)
    return {paper: 8}, ()


@case("Orden deshecha (unbuild)", "Anexo 24 A-II-b")
def unbuilt(book):
    paper = book.enter()
    order = book.make()
    book.unbuild(order, 4, 6)
    book.leave(quantity=6)
    return {paper: 70}, ()


@case("Submaquila", "Decreto IMMEX 21; regla 5")
def sub_maquila(book):
    paper = book.enter()
    partner = book.env["res.partner"].create({"name": "Submaquila del caso"})
    partner = partner.with_env(book.env)
    book.env["mrp.bom"].create(
        {
            "product_tmpl_id": book.product.product_tmpl_id.id,
            "type": "subcontract",
            "subcontractor_ids": [Command.set(partner.ids)],
            "bom_line_ids": [
                Command.create({"product_id": book.material.id, "product_qty": 3})
            ],
        }
    )
    outside = partner.property_stock_subcontractor
    book.deliver(15, 3, part=book.material, target=outside)
    book.receive(5, 5, part=book.product, partner_id=partner.id)
    book.leave(quantity=5)
    return {paper: 85}, ()


# corrections --------------------------------------------------------------------
@case("Entrega devuelta antes de su documento", "Regla 1")
def delivery_undone(book):
    paper = book.enter()
    book.make()
    delivery = book.deliver(6, 8)
    book.give_back(delivery, 6, 9)
    return {paper: 100}, ()


@case("Recepción devuelta antes de su pedimento", "Regla 1")
def receipt_undone(book):
    paper = book.enter()
    receipt = book.receive(30, 2)
    book.give_back(receipt, 30, 3)
    return {paper: 100}, ()


@case("Recepción antes de su pedimento", "Regla 13")
def receipt_first(book):
    receipt = book.receive(100, 1)
    paper = book.paper("IN", IMPORT, 2, [(book.material, 100)])
    receipt.immex_pedimento_id = paper
    book.leave(part=book.material, quantity=30)
    return {paper: 70}, ()


@case("Pedimento sin recepción", "Regla 13")
def never_received(book):
    paper = book.paper("IN", IMPORT, 1, [(book.material, 100)])
    return {paper: 100}, {"layer_without_receipt"}


@case("Faltante de inventario", "Regla 4: nunca es un descargo")
def counted_down(book):
    paper = book.enter()
    book.count(book.material, 95, 9)
    return {paper: 100}, {"count_loss"}


@case("Faltan importaciones para lo que salió", "Anexo 24 A-II-c")
def short(book):
    paper = book.enter(quantity=20)
    book.receive(30, 2, immex_customs_status="definitive")
    book.leave(part=book.material, quantity=50)
    return {paper: 0}, {"shortage"}


@case("Rectificación (R1) a la baja", "LA 89; regla 24")
def rectified(book):
    old = book.enter(quantity=60)
    new = book.enter(day=2, quantity=60)
    book.leave(part=book.material, quantity=50)
    last = book.rectify(old, 15, 40)
    return {last: 0, new: 50}, None


@case("Remesas de un pedimento consolidado", "LA 37; RLA 42; regla 13")
def remesas(book):
    paper = book.paper(
        "IN", IMPORT, 1, [], state="incomplete", consolidated=True, payment_date=False
    )
    for day, quantity in ((2, 60), (6, 40)):
        remesa = book.env["immex.remesa"].create(
            {
                "pedimento_id": paper.id,
                "date": at(day),
                "line_ids": [
                    Command.create(
                        {"product_id": book.material.id, "quantity": quantity}
                    )
                ],
            }
        )
        remesa.action_cross()
        book.receive(quantity, day, paper, immex_remesa_id=remesa.id)
    book.leave(part=book.material, quantity=30, day=4)
    book.partidas(paper, [(book.material, 100)])
    paper.write({"closing_date": at(9), "payment_date": at(12), "state": "ready"})
    return {paper: 70}, ()


@case("Retorno extemporáneo", "LA 183-II; regla 14")
def late_return(book):
    expired = book.enter(day=datetime.date(2024, 1, 10))
    book.leave(part=book.material, quantity=25)
    return {expired: 75}, {"late_return"}


@case("El F4 nombra un pedimento que no es el más antiguo", "Regla 15")
def named(book):
    old, new = book.enter(), book.enter(day=2)
    paper = book.paper("F4", IMPORT, 10, [(book.material, 30)])
    book.names(paper, new)
    return {old: 70, new: 100, paper: 30}, {"peps_mismatch"}


@case("Aviso de destrucción que reserva sus pedimentos", "RLA 142; regla 15")
def reserved(book):
    old, new = book.enter(), book.enter(day=2)
    notice = book.destroy(book.material, 40, act=False)
    part = book.material
    book.after_first_run(notice.action_reserve)
    book.after_first_run(lambda: book.leave(part=part, quantity=90, day=20))
    return {old: 40, new: 70}, ()


class Cases:
    """Tells all cases and compares what remains with what they say."""

    def __init__(self, env):
        self.book = CaseBook(env)
        self.env, self.company = self.book.env, self.book.company
        self.expected = []

    def tell(self):
        for number, (title, law, function) in enumerate(CASES, 1):
            self.book.begin(number, title)
            balances, findings = function(self.book)
            self.env.flush_all()
            self.expected.append((self.book.code, title, law, balances, findings))
        return self

    def run(self, reason):
        """Discharge; twice where a case reserves what the first run found."""
        runs = self.env["immex.discharge.run"]
        self.env.cr.commit()
        runs._run_company(self.company, reason)
        for action in self.book.later:
            action()
        if self.book.later:
            self.env.cr.commit()
            runs._run_company(self.company, reason)

    def compare(self):
        """[(code, title, law, what is wrong, if anything)] of all cases."""
        return [
            (code, title, law, self._wrong(code, balances, findings))
            for code, title, law, balances, findings in self.expected
        ]

    def _wrong(self, code, balances, findings):
        wrong = []
        for paper, expected in balances.items():
            self.env.cr.execute(
                """SELECT COALESCE(sum(quantity - qty_discharged), 0) FROM immex_layer
                    WHERE pedimento_id = %s AND active""",
                (paper.id,),
            )
            found = self.env.cr.fetchone()[0]
            if found != expected:
                wrong.append(f"{paper.name}: {found} remain, not {expected}")
        if findings is not None:
            self.env.cr.execute(
                """SELECT DISTINCT f.code FROM immex_finding f
                     LEFT JOIN immex_pedimento_goods g USING (pedimento_id)
                     JOIN product_product p
                       ON p.id = COALESCE(f.product_id, g.product_id)
                    WHERE f.company_id = %s AND f.state IN ('open', 'progress')
                      AND p.default_code LIKE %s""",
                (self.company.id, code + "-%"),
            )
            found = {row[0] for row in self.env.cr.fetchall()}
            if found != set(findings):
                wrong.append(f"findings {sorted(found)}, not {sorted(findings)}")
        return "; ".join(wrong)
