# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models
from odoo.tools import formatLang

from odoo.addons.immex_compliance.models.inventory.immex_finding import OPEN_STATES


class ImmexDigest(models.Model):
    """What the mail says: the figures of the home page, read with the rights and in
    the language of who gets it, then what the home page does not split."""

    _inherit = "immex.digest"

    def _content(self):
        """What the template shows.

        :return: dict of company, date, sections (as of :meth:`immex.home.figures`),
            kinds (name, count, mine: of open findings) and pending (name, count)
        """
        self.ensure_one()
        user = self.user_id
        reader = self.with_user(user).with_context(
            lang=user.lang, tz=user.tz, allowed_company_ids=self.company_id.ids
        )
        env = reader.env
        company = self.company_id.with_env(env)
        figures = env["immex.home"].with_company(company).figures()
        return {
            "company": figures["company"],
            "date": figures["date"],
            "sections": figures["sections"],
            "kinds": reader._kinds(env, company),
            "pending": reader._pending(env, company),
        }

    def _kinds(self, env, company):
        findings = env["immex.finding"]
        domain = [("company_id", "=", company.id), ("state", "in", OPEN_STATES)]
        mine = dict(
            findings._read_group(
                [*domain, ("user_id", "=", env.uid)], ["code"], ["__count"]
            )
        )
        labels = dict(findings._fields["code"]._description_selection(env))
        groups = findings._read_group(domain, ["code"], ["__count"])
        groups.sort(key=lambda group: (-group[1], group[0]))
        return [
            (
                labels.get(code, code),
                formatLang(env, count, digits=0),
                formatLang(env, mine.get(code, 0), digits=0),
            )
            for code, count in groups
        ]

    def _pending(self, env, company):
        pedimentos = env["immex.pedimento"]
        partidas = env["immex.pedimento.partida"]
        ours = ("company_id", "=", company.id)
        found = (
            (
                env._("Pedimentos without their part detail"),
                pedimentos.search_count([ours, ("state", "=", "incomplete")]),
            ),
            (
                env._("Partidas that wait for parts, products or factors"),
                partidas.search_count(
                    [ours, ("detail_state", "!=", "done")]
                    + [("pedimento_id.state", "=", "incomplete")]
                ),
            ),
        )
        return [(name, formatLang(env, count, digits=0)) for name, count in found]
