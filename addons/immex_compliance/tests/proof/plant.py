# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""A company for histories, and what all of them share, by plain SQL."""

from .oracle import OPERATIONS


class Plant:
    """A company with a programme, its places, and ids of what is in the catalogues.

    :param policy: status of what an order draws where nothing tells it
    :param peps_by: entry or payment
    """

    def __init__(self, cr, name, policy="temporary", peps_by="entry"):
        self.cr = cr
        self.policy, self.peps_by = policy, peps_by
        partner = self._copy("res_partner", 1, name=name, tz=None, company_id=None)
        self.company = self._copy(
            "res_company",
            1,
            name=name,
            partner_id=partner,
            immex_status_policy=policy,
            immex_peps_date=peps_by,
        )
        self._insert(
            "immex_program",
            company_id=self.company,
            kind="immex",
            name="1234-2019",
            certification="none",
            valid_from="2019-01-01",
        )
        view = self._place("view", "view", None)
        self.places = {None: self._place(name, "internal", None, view)}
        for status in ("temporary", "domestic", "definitive"):
            self.places[status] = self._place(status, "internal", status, view)
        self.production = self._place("Production", "production", None)
        self.outside = {
            usage: self._one(
                "SELECT min(id) FROM stock_location WHERE usage = %s"
                " AND company_id IS NULL",
                usage,
            )
            for usage in ("supplier", "customer")
        }
        self.types = {
            code: self._one(
                "SELECT min(id) FROM stock_picking_type WHERE code = %s", code
            )
            for code in ("incoming", "outgoing", "mrp_operation")
        }
        self.uom = self._one("SELECT min(id) FROM uom_uom WHERE relative_factor = 1")
        self.unit = self._one("SELECT min(id) FROM immex_unit WHERE code = '6'")
        self.rules = {name: self._rule(item) for name, item in OPERATIONS.items()}
        self.owners = {}

    def owner(self, name):
        if name and name not in self.owners:
            self.owners[name] = self._copy(
                "res_partner", 1, name=name, ref=None, vat=None, company_id=None
            )
        return self.owners.get(name)

    def _one(self, statement, *params):
        self.cr.execute(statement, params)
        return self.cr.fetchone()[0]

    def _insert(self, table, **values):
        columns = ", ".join(values)
        marks = ", ".join(["%s"] * len(values))
        return self._one(
            f"INSERT INTO {table} ({columns}) VALUES ({marks}) RETURNING id",
            *values.values(),
        )

    def _copy(self, table, source, **values):
        """A copy of a row, with other values."""
        self.cr.execute(
            "SELECT string_agg(quote_ident(column_name), ', ')"
            " FROM information_schema.columns WHERE table_schema = 'public'"
            " AND table_name = %s AND NOT column_name = ANY(%s)",
            (table, ["id", *values]),
        )
        same = self.cr.fetchone()[0]
        columns = ", ".join(values)
        marks = ", ".join(["%s"] * len(values))
        return self._one(
            f"INSERT INTO {table} ({columns}, {same}) SELECT {marks}, {same}"
            f" FROM {table} WHERE id = %s RETURNING id",
            *values.values(),
            source,
        )

    def _place(self, name, usage, status, parent=None):
        return self._insert(
            "stock_location",
            name=name,
            complete_name=name,
            usage=usage,
            company_id=self.company,
            location_id=parent,
            active=True,
            immex_customs_status=status,
        )

    def _rule(self, item):
        """(rule, key) of an operation."""
        code, complement = item.identifier or (None, None)
        self.cr.execute(
            """
            SELECT r.id, k.id
              FROM immex_operation_rule r JOIN immex_pedimento_key k ON k.id = r.key_id
             WHERE k.code = %s AND r.operation_type = %s AND r.active
               AND r."case" IS NOT DISTINCT FROM %s
               AND r.identifier_code IS NOT DISTINCT FROM %s
               AND r.identifier_complement IS NOT DISTINCT FROM %s
               AND r.regime_id IS NULL
               AND r.goods_class IS NOT DISTINCT FROM %s
             ORDER BY r.id LIMIT 1
            """,
            (item.key, item.type, item.case, code, complement, item.goods_class),
        )
        found = self.cr.fetchone()
        assert found, item
        return found
