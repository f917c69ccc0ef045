# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models
from odoo.exceptions import UserError

from . import part_confirm_sql as sql

INLINE = 20_000  # lines of pedimentos that a request settles by itself


class ImmexSetupPart(models.Model):
    """What a person's word on proposals does, for many lines at once."""

    _inherit = "immex.setup.part"

    def action_confirm(self):
        """Button, of a line or of many: these codes mean these products.

        Where they have many lines, the pedimentos follow in the background.
        """
        self._check_manager()
        chosen = self.filtered(lambda part: part.state != "confirmed")
        for missing, text in (
            (
                chosen.filtered(lambda part: not part.product_id),
                self.env._("Choose the product of: %(codes)s"),
            ),
            (
                chosen.filtered(lambda part: not part.immex_class),
                self.env._("Choose the class of: %(codes)s"),
            ),
            (
                chosen.filtered(
                    lambda part: part.kind != "made" and not part.factor > 0
                ),
                self.env._("Enter the factor of: %(codes)s"),
            ),
        ):
            if missing:
                codes = ", ".join(missing[:20].mapped("display_name"))
                raise UserError(text % {"codes": codes})
        # what belongs to another company is not classed by this one
        chosen.product_id.check_access("read")
        jobs = self.env["immex.job"]
        for company, parts in chosen.grouped("company_id").items():
            params = {"company_id": company.id, "uid": self.env.uid, "ids": parts.ids}
            parts.sudo()._confirm(params)
            self.env.cr.execute(sql.LINES, params)
            if self.env.cr.fetchone()[0] <= INLINE:
                parts.sudo()._settle(company, params, *sql.TOUCHED)
            else:
                jobs += jobs._enqueue(
                    company, "setup_parts", self.env._("Products of the part codes")
                )
        return jobs._action_open() if jobs else True

    def _confirm(self, params):
        self.env.flush_all()
        self.env.cr.execute(sql.CLASHES, params)
        clashes = [code for (code,) in self.env.cr.fetchall()]
        if clashes:
            raise UserError(
                self.env._(
                    "Two codes give one product different classes: %(products)s",
                    products=", ".join(clashes),
                )
            )
        self._run(sql.KEEP, sql.PRODUCTS, sql.FACTORS, sql.CONFIRM, params=params)
        self.env.invalidate_all()

    def _settle_waiting(self, company):
        """Map what confirmed codes mean in pedimentos that still wait."""
        params = {"company_id": company.id}
        self._settle(company, params, sql.WAITING, sql.WAITING_DESCRIBED)

    def _settle(self, company, params, *statements):
        """Bring the part detail of the pedimentos of statements up to date."""
        ids = set()
        for statement in statements:
            self.env.cr.execute(statement, params)
            ids.update(pedimento_id for (pedimento_id,) in self.env.cr.fetchall())
        pedimentos = self.env["immex.pedimento"].sudo().with_company(company)
        pedimentos.browse(sorted(ids))._recompute_detail()

    def action_reject(self):
        """Button: these codes are outside the inventory, or were never ours."""
        self._check_manager()
        self._check_open()
        self.sudo().write({"state": "rejected", "confirmed_by": self.env.uid})
        return True

    def action_undo(self):
        """Button: neither confirmed nor rejected after all."""
        self._check_manager()
        confirmed = self.filtered(lambda part: part.state == "confirmed")
        for company, parts in confirmed.grouped("company_id").items():
            params = {"company_id": company.id, "uid": self.env.uid, "ids": parts.ids}
            self.env.flush_all()
            self.env.cr.execute(sql.STANDING, params)
            standing = [part_id for (part_id,) in self.env.cr.fetchall()]
            parts._run(
                sql.UNMAP,
                sql.UNDESCRIBE,
                sql.UNMAP_DESCRIBED,
                sql.UNDO_FACTORS,
                sql.UNDO_PRODUCTS,
                sql.REOPEN,
                params=params,
            )
            parts._run(sql.FACTORS_AGAIN, params=params | {"ids": standing})
            self.env.invalidate_all()
            params["ids"] = parts.ids + standing
            parts.sudo()._settle(company, params, *sql.TOUCHED)
        rejected = (self - confirmed).filtered(lambda part: part.state == "rejected")
        rejected.sudo().write({"state": "open", "confirmed_by": False})
        return True
