# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ...tools.context import without_defaults
from ..reconciliation.workbook import write_workbook
from . import balance_sql

INLINE = 50_000  # move lines that a request reads by itself
FETCH = 2_000
COLUMNS = (
    "customs_balance",
    "temporary_balance",
    "on_hand",
    "valued",
    "difference",
    *balance_sql.EXPLAINING,
    "unexplained",
)


class ImmexStockBalance(models.Model):
    """The customs balance of every part against Odoo's stock at the end of a day.

    By what the last run of the discharge knew. Made again, it finds its lines anew;
    the explanation of a part stays while the same quantity is left unexplained.
    """

    _name = "immex.stock.balance"
    _description = "Customs balance against stock"
    _order = "date desc, id desc"
    _rec_name = "date"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    date = fields.Date(
        "At the End Of", required=True, default=fields.Date.context_today
    )
    state = fields.Selection(
        [
            ("draft", "Not made yet"),
            ("waiting", "Being made"),
            ("done", "Made"),
            ("failed", "Failed"),
        ],
        required=True,
        readonly=True,
        default="draft",
    )
    user_id = fields.Many2one("res.users", "Made By", readonly=True)
    done_at = fields.Datetime("Made At", readonly=True)
    job_id = fields.Many2one(
        "immex.job", "Background Work", readonly=True, ondelete="set null"
    )
    line_ids = fields.One2many("immex.stock.balance.line", "balance_id")
    part_count = fields.Integer("Parts", compute="_compute_counts")
    open_count = fields.Integer("Unexplained", compute="_compute_counts")

    @api.depends("line_ids", "line_ids.state")
    def _compute_counts(self):
        counts = {}
        for balance, state, count in self.env["immex.stock.balance.line"]._read_group(
            [("balance_id", "in", self.ids)], ["balance_id", "state"], ["__count"]
        ):
            counts.setdefault(balance.id, {})[state] = count
        for balance in self:
            found = counts.get(balance.id, {})
            balance.part_count = sum(found.values())
            balance.open_count = found.get("open", 0)

    # who may write what --------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_written(vals, {"company_id", "date"})
        asked = without_defaults(self, ("company_id", "date"))
        return super(ImmexStockBalance, asked).create(vals_list)

    def write(self, vals):
        self._check_written(vals, {"date"})
        return super().write(vals)

    def _check_written(self, vals, allowed):
        if not self.env.su and set(vals) - allowed:
            raise AccessError(
                self.env._("Of a stock comparison, only the date can be written.")
            )

    # making --------------------------------------------------------------------
    def action_run(self):
        """Button: compare, in the background where there is much to read."""
        self.ensure_one()
        self.check_access("write")
        balance = self.sudo()
        if balance.state == "waiting":
            raise UserError(self.env._("It is being made already."))
        balance.user_id = self.env.user
        lines = self.env["stock.move.line"].sudo()
        domain = [("company_id", "=", self.company_id.id), ("state", "=", "done")]
        if lines.search_count(domain, limit=INLINE + 1) <= INLINE:
            balance._make()
            return True
        balance.state = "waiting"
        balance.job_id = self.env["immex.job"]._enqueue(
            balance.company_id,
            "stock_balance",
            self.env._("Customs balance against stock at %(date)s", date=balance.date),
            stock_balance_id=balance.id,
        )
        return balance.job_id._action_open()

    @api.private
    def _make(self):
        """Write the lines anew, in this transaction."""
        self.ensure_one()
        self.env.flush_all()
        balance_sql.make(
            self.env.cr,
            {
                "balance_id": self.id,
                "company_id": self.company_id.id,
                "date": self.date,
                "tz": self.company_id._immex_timezone(),
            },
        )
        self.env["immex.stock.balance.line"].invalidate_model()
        self.invalidate_recordset()
        self.sudo().write({"state": "done", "done_at": fields.Datetime.now()})

    # looking -------------------------------------------------------------------
    def action_lines(self):
        """Button: the parts of this comparison."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "immex_compliance.action_immex_stock_balance_line"
        )
        return action | {"domain": [("balance_id", "=", self.id)], "context": {}}

    def action_places(self):
        """Button: what was on hand, place by place."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Stock by Place"),
            "res_model": "immex.stock.balance.place",
            "view_mode": "list",
            "domain": [("balance_id", "=", self.id)],
            "context": {"search_default_by_place": 1},
        }

    def action_xlsx(self):
        """Button: the parts as a workbook."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/immex/stock_balance/{self.id}/xlsx",
            "target": "self",
        }

    @api.private
    def _write_xlsx(self, stream):
        """Write the lines to a binary ``stream``, a batch at a time."""
        self.ensure_one()
        self.check_access("read")
        lines = self.env["immex.stock.balance.line"]
        lines.check_access("read")
        self.env.flush_all()
        labels = lines.fields_get(["product_id", *COLUMNS, "state", "explanation"])
        heads = [(labels["product_id"]["string"], 24)]
        heads += [(labels[name]["string"], 16) for name in COLUMNS]
        heads += [
            (labels["state"]["string"], 14),
            (labels["explanation"]["string"], 50),
        ]
        write_workbook(
            stream,
            self.env._(
                "%(company)s: customs balance against stock at %(date)s",
                company=self.company_id.name,
                date=self.date,
            ),
            heads,
            self._rows(dict(labels["state"]["selection"])),
        )

    def _rows(self, states):
        columns = SQL(", ").join(SQL("l.%s", SQL.identifier(name)) for name in COLUMNS)
        last = ("", 0)
        while True:
            rows = self.env.execute_query(
                SQL(
                    """
                    SELECT COALESCE(p.default_code, ''), l.id,
                           COALESCE(p.default_code, t.name ->> 'en_US'), %s,
                           l.state, l.explanation
                      FROM immex_stock_balance_line l
                      JOIN product_product p ON p.id = l.product_id
                      JOIN product_template t ON t.id = p.product_tmpl_id
                     WHERE l.balance_id = %s
                       AND (COALESCE(p.default_code, ''), l.id) > (%s, %s)
                     ORDER BY 1, 2 LIMIT %s
                    """,
                    columns,
                    self.id,
                    *last,
                    FETCH,
                )
            )
            for _code, _id, *cells, state, explanation in rows:
                yield (*cells, states.get(state, state), explanation)
            if len(rows) < FETCH:
                return
            last = rows[-1][:2]
