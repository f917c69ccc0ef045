# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..known_float import KnownFloat
from .ways_sql import KEEP

# What a person enters, and the figures follow.
ENTERED = {
    "date",
    "igi_known",
    "igi_rate",
    "rate_note",
    "cc_known",
    "cc_rate",
    "no_dta",
    "restricted",
}
MONEY = (20, 2)


class ImmexWayOut(models.Model):
    """Ways out of a temporary import on a day, side by side: return, transfer, change
    of regime, destruction, regularisation; and what it costs to do nothing.

    The figures are those of the report of what expires, of this layer alone. What a
    person enters here (a duty rate that is recorded nowhere, a countervailing duty)
    serves that report as well.
    """

    _name = "immex.way.out"
    _description = "Ways out of a layer"
    _order = "id desc"
    _rec_name = "layer_id"

    layer_id = fields.Many2one(
        "immex.layer", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    date = fields.Date(
        "To Be Done On",
        required=True,
        default=fields.Date.context_today,
        help="Day of the departure or the payment: balance, updating and surcharges "
        "are counted to it.",
    )
    product_id = fields.Many2one(related="layer_id.product_id")
    pedimento_id = fields.Many2one(related="layer_id.pedimento_id")
    goods_class = fields.Selection(related="layer_id.goods_class")
    fraccion = fields.Char(related="layer_id.fraccion")
    uom_id = fields.Many2one(related="layer_id.uom_id")
    term_end = fields.Date(related="layer_id.term_end")
    term_safe_date = fields.Date(related="layer_id.term_safe_date")
    term_rule_id = fields.Many2one(related="layer_id.term_rule_id")

    # what is recorded nowhere else
    igi_known = fields.Boolean(
        "Duty Rate Entered",
        help="Takes the rate beside it instead of the declared one or the tariff's.",
    )
    igi_rate = fields.Float("Duty Rate (%)", digits=(15, 10))
    rate_note = fields.Char(
        "Why This Rate", help="PROSEC, treaty with its proof, Rule 8, or the tariff."
    )
    cc_known = fields.Boolean(
        "Countervailing Duty Entered",
        help="Off: as the import declared it; none where it declared none.",
    )
    cc_rate = fields.Float(
        "Countervailing Duty (%)",
        digits=(15, 10),
        help="Ad valorem, in force on the day of the change of regime (LA 109).",
    )
    no_dta = fields.Boolean(
        "No DTA", help="Originating goods of a treaty that exempts from it."
    )
    restricted = fields.Boolean(
        "Restrictions Not Proved",
        help="Non-tariff restrictions or countervailing duties whose fulfilment cannot "
        "be proved: the fine is another (LA 178-IV).",
    )

    # what comes out
    computed_at = fields.Datetime(readonly=True)
    expired = fields.Boolean(readonly=True)
    services = fields.Boolean("Services Programme", readonly=True)
    quantity = fields.Float("Balance", digits=(18, 6), readonly=True)
    customs_value = KnownFloat("Customs Value (MXN)", digits=MONEY, readonly=True)
    commercial_value = KnownFloat("Commercial Value (MXN)", digits=MONEY, readonly=True)
    used_rate = KnownFloat("Duty Rate Used (%)", digits=(15, 6), readonly=True)
    rate_source = fields.Selection(
        [
            ("entered", "Entered here"),
            ("declared", "Declared by the import"),
            ("tariff", "General rate of the tariff"),
            ("unknown", "Unknown"),
        ],
        "Rate From",
        readonly=True,
    )
    used_cc_rate = KnownFloat(
        "Countervailing Duty Used (%)", digits=(15, 6), readonly=True
    )
    factor = KnownFloat(
        "Updating Factor", digits=(12, 4), readonly=True, help="CFF 17-A."
    )
    surcharge_months = fields.Integer("Months of Surcharges", readonly=True)
    surcharge_rate = KnownFloat("Surcharges (%)", digits=(12, 4), readonly=True)
    deferred = fields.Float(
        "Deferred at Entry (MXN)",
        digits=MONEY,
        readonly=True,
        help="As declared: what the home page and the months of expiry add up.",
    )
    missing = fields.Char(readonly=True)
    missing_text = fields.Char("Unknown", compute="_compute_missing_text")
    line_ids = fields.One2many("immex.way.out.line", "way_out_id", readonly=True)

    _layer_unique = models.Constraint(
        "UNIQUE (layer_id)", "The ways out of this layer are already there."
    )
    _rates_positive = models.Constraint(
        "CHECK (igi_rate >= 0 AND cc_rate >= 0)", "A rate cannot be negative."
    )

    @api.depends("layer_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        """Not the layer's own: one comes here from it, and sees both."""
        for record in self:
            layer = record.layer_id.display_name or ""
            record.display_name = self.env._("Ways out of %(layer)s", layer=layer)

    @api.depends("missing")
    @api.depends_context("lang")
    def _compute_missing_text(self):
        names = {
            "value": self.env._("customs value"),
            "igi": self.env._("duty rate"),
            "cc": self.env._("rate of countervailing duty"),
            "dta": self.env._("rate of DTA"),
            "iva": self.env._("rate of VAT"),
            "inpc": self.env._("price index (INPC)"),
            "surcharges": self.env._("surcharge rates"),
        }
        for record in self:
            keys = (record.missing or "").split(", ")
            record.missing_text = ", ".join(names[key] for key in keys if key)

    # who may write what ------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(
            set(vals) - ENTERED - {"layer_id"} for vals in vals_list
        ):
            raise AccessError(
                self.env._("The figures of the ways out are computed, never written.")
            )
        layers = self.env["immex.layer"].browse(vals["layer_id"] for vals in vals_list)
        layers.check_access("read")
        records = super().create(
            [
                vals | {"company_id": layer.company_id.id}
                for vals, layer in zip(vals_list, layers, strict=True)
            ]
        )
        records._figure()
        return records

    def write(self, vals):
        if not self.env.su and set(vals) - ENTERED:
            raise AccessError(
                self.env._("The figures of the ways out are computed, never written.")
            )
        result = super().write(vals)
        self._figure()
        return result

    @api.constrains("igi_known", "rate_note")
    def _check_note(self):
        for record in self:
            if record.igi_known and not (record.rate_note or "").strip():
                raise UserError(record.env._("Say where the duty rate comes from."))

    # the figures -------------------------------------------------------------------
    def action_compute(self):
        """Button: the figures anew, on the day of the form."""
        self.check_access("write")
        self._figure()
        return True

    def _figure(self):
        """Write the figures of each layer and its ways out, exactly: by SQL."""
        self.env.flush_all()
        now = fields.Datetime.now()
        for record in self:
            written = self.env.execute_query(
                SQL(
                    KEEP,
                    company_id=record.company_id.id,
                    date_to=record.date,
                    known_run_id=None,
                    layer_id=record.layer_id.id,
                    way_out_id=record.id,
                    now=now,
                )
            )
            if not written:
                raise UserError(
                    record.env._(
                        "Nothing is left of this layer on %(date)s, or it is no "
                        "temporary import.",
                        date=record.date,
                    )
                )
        self.invalidate_recordset()
        self.env["immex.way.out.line"].invalidate_model()
