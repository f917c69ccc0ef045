# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.fields import Domain

from ..stock.product_template import IMMEX_CLASSES
from ..stock.stock_location import CUSTOMS_STATUSES


class ImmexOperationRule(models.Model):
    """What an operation does to which inventory: key and case, operation type,
    identifiers and dates decide (Anexo 22, Appendices 2 and 8).

    The most specific rule wins: case, then identifier with complement, then
    identifier. What no rule covers is a finding.
    """

    _name = "immex.operation.rule"
    _description = "Operation rule"
    _order = "key_id, operation_type, sequence, id"
    _rec_name = "name"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=50, help="Lower wins among rules that fit.")
    key_id = fields.Many2one("immex.pedimento.key", "Key", required=True, index=True)
    operation_type = fields.Selection([("1", "Import"), ("2", "Export")], required=True)
    case = fields.Char(help="Assumption of Appendix 2; empty fits every case.")
    identifier_code = fields.Char("Identifier", size=2)
    identifier_complement = fields.Char(
        help="Text that one of the identifier's complements has; empty fits any."
    )
    effect = fields.Selection(
        [
            ("entry", "Enters the inventory"),
            ("exit", "Leaves the inventory"),
            ("regime_change", "Ceases to be temporary and stays"),
            ("place", "Changes place only"),
            ("reverse", "Cancels another pedimento"),
            ("none", "None"),
        ],
        required=True,
    )
    customs_status = fields.Selection(
        CUSTOMS_STATUSES, help="Status of the layer that an entry makes."
    )
    goods_class = fields.Selection(
        IMMEX_CLASSES, help="Empty: the class of the product decides."
    )
    origin_class = fields.Selection(
        [
            ("import", "Import"),
            ("virtual_immex", "Virtual transfer from a company with programme"),
            ("virtual_national", "National supplier without programme"),
        ],
        default="import",
        required=True,
        help="Decides the term of an entry.",
    )
    exit_kind = fields.Selection(
        [
            ("return", "Return abroad"),
            ("transfer", "Virtual transfer"),
            ("regime_change", "Change of regime"),
            ("regularization", "Regularisation"),
            ("donation", "Donation"),
            ("export", "Definitive export"),
        ],
    )
    is_waste = fields.Boolean("Waste Only")
    layer_scope = fields.Selection(
        [("all", "All layers"), ("unexpired", "Unexpired layers")],
        default="all",
        required=True,
    )
    credit_effect = fields.Selection(
        [("charge", "Charge"), ("discharge", "Discharge"), ("none", "None")],
        default="none",
        required=True,
        help="Effect on the account of Anexo 30 (before 31), where the contributions "
        "were paid with forms 21 or 22.",
    )
    valid_from = fields.Date()
    valid_to = fields.Date()
    legal_source = fields.Char(required=True)
    active = fields.Boolean(default=True)

    _entry_status = models.Constraint(
        "CHECK (effect <> 'entry' OR customs_status IS NOT NULL)",
        "An entry needs the status of its layer.",
    )
    _exit_kind = models.Constraint(
        "CHECK (effect NOT IN ('exit', 'regime_change') OR exit_kind IS NOT NULL)",
        "An exit needs its kind.",
    )

    @api.model
    def _match(self, key, operation_type, case=None, identifiers=(), date=None):
        """Return the rule that fits best, or an empty recordset.

        :param key: ``immex.pedimento.key`` record
        :param str operation_type: '1' import or '2' export
        :param identifiers: iterable of (code, (complement1, complement2, complement3))
        """
        domain = (
            Domain("key_id", "=", key.id)
            & Domain("operation_type", "=", operation_type)
            & Domain("case", "in", [False, case or False])
            & self.env["immex.catalog.mixin"]._valid_domain(date)
        )
        identifiers = list(identifiers)
        fitting = self.search(domain).filtered(lambda rule: rule._fits(identifiers))
        return fitting.sorted(lambda rule: rule._specificity())[:1]

    def _fits(self, identifiers):
        self.ensure_one()
        if not self.identifier_code:
            return True
        wanted = self.identifier_complement
        return any(
            code == self.identifier_code
            and (not wanted or wanted in [c or "" for c in complements])
            for code, complements in identifiers
        )

    def _specificity(self):
        self.ensure_one()
        return (
            not self.case,
            not self.identifier_complement,
            not self.identifier_code,
            self.sequence,
            self.id,
        )
