# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging
from contextlib import contextmanager
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user

from .common import ReportCase

MARK = "Ñ0-LEAK"  # in the names of what the authority must not see by Odoo's means


class AuthorityCase(ReportCase, HttpCase):
    """A user of the authority with its access, and books with rows everywhere."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env,
            "sat_auditor",
            groups="immex_compliance.group_authority",
            password="sat_auditor_pass",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
        cls.access = cls.env["immex.authority.access"].create(
            {
                "user_id": cls.user.id,
                "company_id": cls.company.id,
                "valid_from": "2026-01-01",
            }
        )

    def _tempt(self):
        """What Odoo would show a portal user: records that it follows, orders of its
        partner, messages to it, files on it."""
        self._everything()
        partner = self.user.partner_id
        pickings = self.env["stock.picking"].search([])
        pickings.origin = MARK
        pickings.message_subscribe(partner.ids)
        orders = self.env["mrp.production"].search([])
        orders.origin = MARK
        orders.message_subscribe(partner.ids)
        pickings[:1].message_post(
            body=MARK,
            partner_ids=partner.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self.env["sale.order"].create(
            {"partner_id": partner.id, "company_id": self.company.id, "note": MARK}
        ).message_subscribe(partner.ids)
        self.env["ir.attachment"].create(
            {
                "name": MARK,
                "raw": MARK.encode(),
                "res_model": "res.partner",
                "res_id": partner.id,
            }
        )
        for product in self.material, self.product:
            product.description_sale = MARK
        self.principal.street = MARK
        self.env["immex.pedimento"].search([]).message_subscribe(partner.ids)
        self.env.flush_all()

    @contextmanager
    def _plain_refusals(self):
        """Refusals without their long text, which asks the database who may."""

        def refuse(*_arguments, **_options):
            return AccessError("refused")

        access = type(self.env["ir.model.access"])
        rule = type(self.env["ir.rule"])
        level = logging.root.manager.disable
        logging.disable(logging.CRITICAL)
        try:
            with (
                patch.object(access, "_make_access_error", refuse),
                patch.object(rule, "_make_access_error", refuse),
            ):
                yield
        finally:
            logging.disable(level)
