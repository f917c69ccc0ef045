# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.tools import SQL

PART = "product_id"


class AbstractGrouped(models.AbstractModel):
    """Rows that grow with the business, grouped by their part.

    Odoo orders such groups in the database: it joins every row with the part and groups
    by the texts of its order. Over a million rows that is most of the time. Here rows
    are grouped by the part's number alone, and the few groups are ordered.
    """

    _name = "immex.abstract.grouped"
    _description = "Rows that are grouped by their part"

    @api.model
    def _read_group(
        self,
        domain,
        groupby=(),
        aggregates=(),
        having=(),
        offset=0,
        limit=None,
        order=None,
    ):
        descending = self._order_by_record(groupby, order)
        if descending is None:
            return super()._read_group(
                domain, groupby, aggregates, having, offset, limit, order
            )
        groups = super()._read_group(domain, groupby, aggregates, having)
        # archived ones, and those whose names alone may be read, have groups too
        records = self.env[self._fields[PART].comodel_name].sudo()
        ids = [group[0].id for group in groups if group[0]]
        found = records._search(
            [("id", "in", ids)], order=records._order, active_test=False
        )
        place = {record_id: number for number, record_id in enumerate(found)}
        # as the database orders what is empty: last, unless the order descends
        empty = -1 if "desc" in records._order.split(",")[0].lower() else len(place)
        groups.sort(key=lambda group: place.get(group[0].id, empty), reverse=descending)
        return groups[offset : offset + limit if limit else None]

    def _formatted_read_group_with_length(
        self, domain, groupby, aggregates, offset=0, limit=None, order=None
    ):
        """Groups that the client shows, and how many there are: counted, not read."""
        if not limit or self._order_by_record(groupby, order) is None:
            return super()._formatted_read_group_with_length(
                domain, groupby, aggregates, offset, limit, order
            )
        groups = self.formatted_read_group(
            domain, groupby, aggregates, offset=offset, limit=limit, order=order
        )
        query = self._search(domain)
        column = self._field_to_sql(self._table, PART, query)
        found = query.subselect(SQL("DISTINCT %s", column))
        ((length,),) = self.env.execute_query(SQL("SELECT COUNT(*) FROM %s t", found))
        return groups, length

    def _order_by_record(self, groupby, order):
        """Whether groups by the part come in its order, reversed; else None."""
        if not order or list(groupby) != [PART]:
            return None
        name, _space, direction = order.strip().partition(" ")
        if name != PART:
            return None
        return {"": False, "asc": False, "desc": True}.get(direction.strip().lower())
