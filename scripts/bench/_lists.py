# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the web client asks the server for when it shows a list of ours.

Every list that a menu of the add-ons opens: as it comes, with each of its filters, by
each of its groupings, and with each of its search fields, for what a person would type
(the number, the part, the date or the state of a record in the middle of the table).
"""

import time
from datetime import date

from dateutil.relativedelta import relativedelta
from lxml import etree

from odoo.fields import Domain
from odoo.tools.safe_eval import datetime, safe_eval
from odoo.tools.safe_eval import time as safe_time

PAGE, COUNT_LIMIT = 80, 10_001
# lists of tables with fewer rows tell nothing
LARGE = 20_000


def measure(env, company):
    """``[(seconds, list, question)]`` of every question, the slowest first."""
    spent = []
    for menu in env["ir.ui.menu"].search([]):
        action = menu.action
        name = menu.get_external_id()[menu.id] or ""
        if not name.startswith("immex_") or not action:
            continue
        if action._name == "ir.actions.act_window" and "list" in action.view_mode:
            spent += ListOf(env, company, action).ask()
    return sorted(spent, reverse=True)


class ListOf:
    """The list of an action, as the client would ask for it."""

    def __init__(self, env, company, action):
        self.name = action.name
        self.values = {
            "uid": env.uid,
            "allowed_company_ids": company.ids,
            "context_today": date.today,
            "relativedelta": relativedelta,
            "datetime": datetime,
            "time": safe_time,
        }
        context = self._eval(action.context or "{}")
        self.model = env[action.res_model].with_context(**context)
        self.defaults = {
            key.removeprefix("search_default_")
            for key, value in context.items()
            if key.startswith("search_default_") and value
        }
        self.domain = Domain(self._eval(action.domain or "[]"))
        found = [
            (view.view_id.id, view.view_mode)
            for view in action.view_ids
            if view.view_mode == "list"
        ] or [(action.view_id.id if action.view_id.type == "list" else False, "list")]
        views = self.model.get_views(
            [list(found[0]), [action.search_view_id.id, "search"]]
        )["views"]
        self.list = etree.fromstring(views["list"]["arch"])
        self.search = etree.fromstring(views["search"]["arch"])

    def _eval(self, text, typed=None):
        return safe_eval(text, {**self.values, "self": typed})

    def ask(self):
        self.model.env.cr.execute(
            "SELECT reltuples FROM pg_class WHERE relname = %s", [self.model._table]
        )
        row = self.model.env.cr.fetchone()
        if not row or row[0] < LARGE:
            return []
        filters = {node.get("name"): node for node in self.search.iter("filter")}
        start, groupings = self.domain, []
        for name in self.defaults & filters.keys():
            start &= self._domain(filters[name])
            groupings += self._grouping(filters[name])
        found = [self._timed("as it opens", start, groupings)]
        found.append(self._timed("everything", self.domain, []))
        for name, node in filters.items():
            if grouping := self._grouping(node):
                found.append(self._timed(f"by {name}", start, grouping))
            elif node.get("domain"):
                domain = self.domain & self._domain(node)
                found.append(self._timed(f"filter {name}", domain, []))
        for field, domain in self._searches():
            found.append(self._timed(f"search {field}", self.domain & domain, []))
        return found

    def _domain(self, node):
        return Domain(self._eval(node.get("domain") or "[]"))

    def _grouping(self, node):
        grouping = self._eval(node.get("context") or "{}").get("group_by")
        return [grouping] if isinstance(grouping, str) else grouping or []

    def _searches(self):
        """What a person types: words of a record in the middle of the table."""
        records = self.model.with_context(active_test=False).search([], limit=1)
        top = self.model.search([], order="id desc", limit=1).id
        records = self.model.search(
            [("id", ">=", (records.id + top) // 2)], order="id", limit=1
        )
        for node in self.search.iter("field"):
            name = node.get("name")
            value = records[name]
            field = self.model._fields[name]
            if field.relational:
                value = value[:1].display_name
            if not value and field.type in ("char", "text", "many2one"):
                value = "24 3100"
            if not value:
                continue
            if node.get("filter_domain"):
                domain = self._eval(node.get("filter_domain"), str(value))
                yield name, Domain(domain)
            elif field.type in ("char", "text", "many2one", "one2many", "many2many"):
                yield name, Domain(name, node.get("operator") or "ilike", str(value))
            else:
                yield name, Domain(name, "=", value)

    def _specification(self):
        wanted = {}
        for node in self.list.iterchildren("field"):
            name = node.get("name")
            if node.get("column_invisible") in ("1", "True"):
                continue
            field = self.model._fields[name]
            if field.type == "many2one":
                wanted[name] = {"fields": {"display_name": {}}}
            elif field.type in ("one2many", "many2many"):
                wanted[name] = {"fields": {"display_name": {}}, "limit": 40}
            else:
                wanted[name] = {}
        return wanted

    def _aggregates(self):
        return ["__count"] + [
            f"{node.get('name')}:{'sum' if node.get('sum') else 'avg'}"
            for node in self.list.iterchildren("field")
            if node.get("sum") or node.get("avg")
        ]

    def _timed(self, question, domain, groupings):
        model, best = self.model, None
        for _turn in range(2):  # the better: others use the machine too
            model.env.invalidate_all()
            start = time.perf_counter()
            if groupings:
                model.web_read_group(
                    list(domain), groupings, self._aggregates(), limit=PAGE
                )
            else:
                model.web_search_read(
                    list(domain),
                    self._specification(),
                    limit=PAGE,
                    order=self.list.get("default_order"),
                    count_limit=COUNT_LIMIT,
                )
            spent = time.perf_counter() - start
            best = spent if best is None else min(best, spent)
            if best > 10:
                break
        return best, self.name, question
