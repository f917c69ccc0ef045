# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

from ...tools.cff import add_months
from . import sources_sql
from .bills import LACK, SURPLUS, Case, bill_a3
from .bills import correction as correction_of
from .calculation import IGI, VAT, ZERO, Fine, duty_paid, fine_range

OEA_MONTHS = 3  # RGCE 7.3.3-II
OEA = ("oea", "oea_aeronaves", "oea_seciit")
# what the authority would find, by the kind of the difference
FOUND = {
    "over": "undocumented",
    "undeclared": "undocumented",
    "undocumented": "undocumented",
    "expired": "expired",
    "short": "inexact",
    "not_received": "inexact",
}


class ImmexRegularization(models.Model):
    """Which correction is open, and its figures."""

    _inherit = "immex.regularization"

    # what was not given ----------------------------------------------------------
    def _fill(self):
        """What the document knows and nobody wrote."""
        source = self.partida_id or self.layer_id
        item = self.product_id.immex_tariff_item_id
        values = {}
        if not self.fraccion:
            values["fraccion"] = source.fraccion or item.fraccion
            values["nico"] = source.nico or item.nico
        pedimento = self.pedimento_id.root_id or self.pedimento_id
        entered = (
            pedimento.extraction_date or pedimento.entry_date or pedimento.payment_date
        )
        if self.kind in (*SURPLUS, *LACK) and entered:
            # what came with a pedimento entered with it
            values["start_date"] = entered
        if not self.igi_source:
            known = self.partida_id.contribution_ids.filtered(
                lambda line: line.kind == "rate" and line.code == IGI
            )
            expired = self.kind == "expired"
            values["igi_source"] = "declared" if expired and known else "tariff"
        self.write(values)

    # which correction --------------------------------------------------------------
    def _lawful(self):
        """Corrections that the law leaves open, the first one first."""
        if self.kind == "expired":
            return ["a3_2"]
        paths = ["r1"] if self._rectifiable() else []
        if self.kind not in LACK:
            paths.append("a3_1")
        return paths or ["none"]

    def _rectifiable(self):
        """LA 89: not while the authority reviews; a surplus, within its term."""
        pedimento = self.pedimento_id.root_id or self.pedimento_id
        if not pedimento or self.audit == "audit":
            return False
        months = self.company_id.immex_r1_months
        paid = pedimento.payment_date
        if months and paid and self.payment_date > add_months(paid, months)[0]:
            return False
        term = self._own_layer().term_end
        return not (self.kind in SURPLUS and term and term < self.payment_date)

    def _own_layer(self):
        """The layer, unless it is of another import and lends its value only."""
        layer = self.layer_id
        own = self.kind == "expired" or layer.pedimento_id == self.pedimento_id
        return layer if own and self.pedimento_id else layer.browse()

    def _authorization(self, cash):
        """(needed, waived): RGCE 6.1.1-I and 7.3.3-II."""
        if self.path != "r1" or self.kind not in LACK or not any(cash.values()):
            return False, False
        pedimento = self.pedimento_id.root_id or self.pedimento_id
        # a company has VAT/IEPS and OEA side by side
        oea = (
            self.env["immex.program"]
            .sudo()
            ._current(self.company_id, "certification", self.payment_date, OEA)
        )
        limit = pedimento.payment_date and add_months(
            pedimento.payment_date, OEA_MONTHS
        )
        waived = bool(oea and limit and self.payment_date <= limit[0])
        return not waived, waived

    # the figures -------------------------------------------------------------------
    def action_compute(self):
        """Button: the correction that is open and all its figures, anew."""
        self.check_access("write")
        self.env.flush_all()
        cr = self.env.cr
        facts, declared = sources_sql.facts(cr, self.ids), {}
        if self:
            declared = sources_sql.declared(cr, self.ids)
        tables = sources_sql.tables(cr)
        for proposal in self.sudo().filtered(lambda p: p.state == "proposed"):
            case = Case(proposal, facts[proposal.id], declared[proposal.id])
            proposal._compute_case(case, tables)
        return True

    def _compute_case(self, case, tables):
        lawful = self._lawful()
        if self.path not in lawful:
            self.path = lawful[0]
        if self.kind != "expired" and self.path == "a3_1" and not case.since:
            case.cautions.append(
                self.env._("Date of entry unknown: duties of the day of payment.")
            )
        if not case.customs and self.path != "none":
            case.problems.append(
                self.env._("The customs value is missing: enter it on the proposal.")
            )
        correction, duty = correction_of(case, tables)
        idle, idle_duty = self._idle(case, tables, correction, duty)
        needed, waived = self._authorization(case.cash)
        self._record(case, correction, idle)
        fines = self._fines(case, correction, idle, idle_duty)
        self._record_fines(fines)
        self._sum_up(case, correction, idle, fines, needed, waived)

    def _idle(self, case, tables, correction, duty):
        """(bill, duty rate) of what the authority would claim if nothing was done."""
        if self.path in ("a3_1", "a3_2"):
            return correction, duty
        unknown = []
        if self.kind in LACK:
            term = self._own_layer().term_end
            if not (term and term < self.payment_date):
                return None, None
        elif not case.customs:
            return None, None
        found = bill_a3(case, tables, "tariff", unknown)
        case.cautions += unknown
        return found

    # fines -------------------------------------------------------------------------
    def _fines(self, case, correction, idle, duty):
        """Rows (role, fine id, lowest, highest, counts)."""
        situations = {"idle": {FOUND[self.kind]}, "correction": set()}
        term = self._own_layer().term_end
        if self.kind in LACK and term and term < self.payment_date:
            situations["idle"].add("expired")
        if self.audit == "audit":
            own = {"a3_1": "undocumented", "a3_2": "late_return"}.get(self.path)
            situations["correction"] = {own} if own else situations["idle"]
        bases = self._bases(case, idle)
        days = (self.payment_date - term).days if term else 0
        met = {"any"}
        if duty is not None:
            paid = idle and duty_paid(idle)
            met.add("duty" if duty and not paid else "exempt")
        if self.restricted:
            met.add("restricted")
        in_force = sources_sql.fines(self.env.cr, self.payment_date)
        rows = []
        for role, wanted in situations.items():
            found = [
                (fine_id, *fine_range(Fine(*fine), bases, days))
                for fine_id, situation, condition, *fine in in_force
                if situation in wanted and condition in met
            ]
            greatest = max(found, key=lambda row: (row[2], row[1]), default=None)
            rows += [(role, *row, row is greatest) for row in found]
        return rows

    def _bases(self, case, idle):
        """What fines are a percentage of; contributions without update (LA 5)."""
        owed = {
            line.code: max(line.amount - line.paid, ZERO)
            for line in (idle.lines if idle else ())
        }
        return {
            "duties": owed.get(IGI, ZERO),
            "vat": owed.get(VAT, ZERO),
            "commercial": case.commercial,
            "customs": case.customs,
        }

    # writing -----------------------------------------------------------------------
    def _record(self, case, correction, idle):
        """Lines by SQL, so that they stay exact."""
        cr = self.env.cr
        cr.execute(
            "DELETE FROM immex_regularization_line WHERE regularization_id = %s",
            [self.id],
        )
        contributions = self.env["immex.contribution"]._by_code()
        rows = [
            (
                self.id,
                self.company_id.id,
                role,
                sequence,
                line.code,
                contributions.get(line.code),
                line.kind,
                line.base,
                line.rate,
                line.amount,
                line.paid,
                line.factor,
                line.updated,
                line.months,
                line.rate_sum,
                line.surcharge,
                line.payable,
            )
            for role, made in (("correction", correction), ("idle", idle))
            if made
            for sequence, line in enumerate(made.lines, 1)
        ]
        if rows:
            cr.execute_values(
                """INSERT INTO immex_regularization_line (regularization_id, company_id,
                       role, sequence, code, contribution_id, kind, base, rate, amount,
                       paid, factor, updated, months, rate_sum, surcharge, payable)
                   VALUES %s""",
                rows,
            )

    def _record_fines(self, rows):
        cr = self.env.cr
        cr.execute(
            "DELETE FROM immex_regularization_fine WHERE regularization_id = %s",
            [self.id],
        )
        if rows:
            cr.execute_values(
                """INSERT INTO immex_regularization_fine (regularization_id, company_id,
                       role, fine_id, lowest, highest, counts) VALUES %s""",
                [(self.id, self.company_id.id, *row) for row in rows],
            )

    def _sum_up(self, case, correction, idle, fines, needed, waived):
        counted = {
            role: (low, high) for role, _id, low, high, counts in fines if counts
        }
        fine, idle_fine = (
            counted.get(role, (ZERO, ZERO)) for role in ("correction", "idle")
        )
        total, claimed = (made.total if made else ZERO for made in (correction, idle))
        values = {
            "total": total,
            "fine_min": fine[0],
            "fine_max": fine[1],
            "idle_total": claimed,
            "idle_fine_min": idle_fine[0],
            "idle_fine_max": idle_fine[1],
            "saving_min": claimed + idle_fine[0] - total - fine[0],
            "saving_max": claimed + idle_fine[1] - total - fine[1],
            "needs_authorization": needed,
            "authorization_waived": waived,
            "problem": "\n".join(dict.fromkeys(case.problems)) or False,
            "caution": "\n".join(dict.fromkeys(case.cautions)) or False,
            "computed_at": fields.Datetime.now(),
            "is_stale": False,
        }
        if self.path in ("a3_1", "a3_2") and correction and self.igi_source != "manual":
            duty = next(line for line in correction.lines if line.code == IGI)
            values["igi_rate"] = float(duty.rate)
        self.write(values)
        self.invalidate_recordset()
        self.env["immex.regularization.line"].invalidate_model()
        self.env["immex.regularization.fine"].invalidate_model()
