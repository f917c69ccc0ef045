# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ...engine import period_fill
from ...tools.context import without_defaults
from ..pedimento.discharge_action import ask_discharge

# What only ratifying, replacing and cancelling write.
RATIFIED = {"state", "ratified_by", "ratified_at", "version", "replaces_id"}
FACTS = RATIFIED | {"company_id", "date_from", "date_to", "rule", "picking_type_ids"}


class ImmexPeriodConsumption(models.Model):
    """Consumption of a period by counts, against what its orders drew (rule 7).

    Anexo 24 B-II: *consumo real* is determined for a specific period by the system of
    control that the company has. What is ratified here, with the rule by which it is
    spread, is discharged with the exits of the period's products. A ratified document
    is never edited: a new version replaces it.
    """

    _name = "immex.period.consumption"
    _description = "Period consumption"
    _inherit = ["mail.thread"]
    _order = "date_to desc, version desc, id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    name = fields.Char("Period", compute="_compute_name")
    date_from = fields.Date(
        "From",
        required=True,
        default=lambda self: (
            fields.Date.context_today(self) + relativedelta(months=-1, day=1)
        ),
    )
    date_to = fields.Date(
        "To",
        required=True,
        default=lambda self: (
            fields.Date.context_today(self) + relativedelta(months=-1, day=31)
        ),
    )
    rule = fields.Selection(
        [
            ("produced", "By units produced"),
            ("drawn", "By what orders drew of the same material"),
        ],
        "Spread",
        required=True,
        default="produced",
        tracking=True,
        help="How the difference is shared among the production of the period. "
        "Material that no order issues can only go by units produced.",
    )
    picking_type_ids = fields.Many2many(
        "stock.picking.type",
        "immex_period_consumption_type",
        "document_id",
        "picking_type_id",
        "Only Orders Of",
        domain="[('code', '=', 'mrp_operation'), ('company_id', '=', company_id)]",
        check_company=True,
        help="The difference is carried by what these operations made only, as repair "
        "is, whose actual consumption is determined by month (Anexo 24 A). Empty: all "
        "orders.",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("ratified", "Ratified"),
            ("replaced", "Replaced"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
    )
    version = fields.Integer(required=True, default=1, readonly=True, copy=False)
    replaces_id = fields.Many2one(
        "immex.period.consumption", readonly=True, copy=False, ondelete="restrict"
    )
    ratified_by = fields.Many2one("res.users", readonly=True, copy=False)
    ratified_at = fields.Datetime(readonly=True, copy=False)
    note = fields.Text("Reason")
    line_ids = fields.One2many(
        "immex.period.consumption.line", "document_id", copy=True
    )

    _dates = models.Constraint(
        "CHECK (date_from <= date_to)", "The period ends before it begins."
    )
    _period = models.Index("(company_id, date_from, date_to) WHERE state <> 'draft'")

    @api.depends("date_from", "date_to", "version")
    def _compute_name(self):
        for record in self:
            first, last = record.date_from, record.date_to
            if first and last and first + relativedelta(day=31) == last:
                period = first.strftime("%Y-%m")
            else:
                period = f"{first or ''} - {last or ''}"
            record.name = f"{period} v{record.version}"

    @api.depends("name")
    def _compute_display_name(self):
        for record in self:
            record.display_name = record.name

    # guards ----------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        if any(vals.get("state", "draft") != "draft" for vals in vals_list):
            raise UserError(self.env._("A period consumption begins as a draft."))
        draft = without_defaults(self, self._fields.keys() - RATIFIED)
        return super(ImmexPeriodConsumption, draft).create(vals_list)

    def write(self, vals):
        if RATIFIED & vals.keys():
            raise UserError(self.env._("Ratify, replace or cancel with the buttons."))
        if FACTS & vals.keys():
            self._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_draft_only(self):
        self._check_draft()

    def _check_draft(self):
        if any(record.state != "draft" for record in self):
            raise UserError(
                self.env._(
                    "A ratified document is not changed. Make a new version of it."
                )
            )

    def _check_manager(self):
        if not self.env.user.has_group("immex_compliance.group_manager"):
            raise AccessError(
                self.env._("Only customs managers ratify a period consumption.")
            )
        self.check_access("write")

    # buttons ---------------------------------------------------------------------
    def _parameters(self):
        tz = self.company_id.partner_id.tz or "America/Mexico_City"
        return {
            "document_id": self.id,
            "company_id": self.company_id.id,
            "date_from": self.date_from,
            "date_to": self.date_to,
            "tz": tz,
            "uid": self.env.uid,
        }

    def action_fill(self):
        """Button: counts from Odoo's stock, consumption from the last run. Lines
        that were counted keep their counts."""
        self.check_access("write")
        self._check_draft()
        self.env.flush_all()
        for record in self:
            self.env.cr.execute(period_fill.FILL, record._parameters())
        self.env.invalidate_all()
        return True

    def action_ratify(self):
        """Button: the person who is logged in answers for the counts and the rule."""
        self._check_manager()
        self._check_draft()
        for record in self:
            record._check_complete()
            replaced = record.replaces_id
            if replaced.state == "ratified":
                replaced._set_state("replaced")
            record._set_state(
                "ratified",
                ratified_by=self.env.uid,
                ratified_at=fields.Datetime.now(),
            )
        return True

    def action_cancel(self):
        """Button: what was spread is taken back by the next run."""
        self._check_manager()
        self._set_state("cancelled")
        return True

    def action_run_discharge(self):
        """Button: ask for the run that this document waits for."""
        return ask_discharge(self.env, self.company_id)

    def action_new_version(self):
        """Button: a draft that will replace this document once it is ratified."""
        self.ensure_one()
        self._check_manager()
        if self.state != "ratified":
            raise UserError(self.env._("Only a ratified document has a new version."))
        draft = self.copy()
        draft._write_ratified(version=self.version + 1, replaces_id=self.id)
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "view_mode": "form",
            "res_id": draft.id,
        }

    # steps -----------------------------------------------------------------------
    def _write_ratified(self, **values):
        # past the guard of write(), which is for everybody else
        return super().write(values)  # pylint: disable=super-method-mismatch

    def _set_state(self, state, **values):
        self._write_ratified(state=state, **values)

    def _check_complete(self):
        """What a person can answer for: over, filled, explained, and only once."""
        self.ensure_one()
        if not self.line_ids:
            raise ValidationError(self.env._("There is nothing to ratify."))
        if self.date_to >= fields.Date.context_today(self):
            raise ValidationError(self.env._("The period is not over yet."))
        silent = self.line_ids.filtered(
            lambda line: line.difference != line.to_spread and not line.explanation
        )
        if silent:
            raise ValidationError(
                self.env._(
                    "Explain why the difference of %(product)s is not spread.",
                    product=silent[0].product_id.display_name,
                )
            )
        self.env.flush_all()
        self.env.cr.execute(period_fill.STALE, self._parameters())
        stale = self.env.cr.fetchone()
        if stale:
            product = self.env["product.product"].browse(stale[0])
            raise ValidationError(
                self.env._(
                    "Orders drew something else of %(product)s since. Fill again.",
                    product=product.display_name,
                )
            )
        twice = self.env["immex.period.consumption.line"].search(
            Domain("product_id", "in", self.line_ids.product_id.ids)
            & Domain("document_id.company_id", "=", self.company_id.id)
            & Domain("document_id.state", "=", "ratified")
            & Domain("document_id.date_from", "<=", self.date_to)
            & Domain("document_id.date_to", ">=", self.date_from)
            & Domain("document_id", "not in", (self + self.replaces_id).ids),
            limit=1,
        )
        if twice:
            raise ValidationError(
                self.env._(
                    "%(product)s is ratified for these days already, in %(period)s.",
                    product=twice.product_id.display_name,
                    period=twice.document_id.name,
                )
            )
