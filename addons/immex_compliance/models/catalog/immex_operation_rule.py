# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models, tools

from ..stock.product_template import IMMEX_CLASSES
from ..stock.stock_location import CUSTOMS_STATUSES
from .operation_match import Rule, best_rule


class ImmexOperationRule(models.Model):
    """What an operation does to which inventory: key and case, operation type,
    identifiers and dates decide (Anexo 22, Appendices 2 and 8).

    The most specific rule wins: case, then identifier with complement, then
    identifier, then regime. What no rule covers is a finding. The case stands in no
    file: brokers' files carry key and identifiers, a person may add the case.
    """

    _name = "immex.operation.rule"
    _description = "Operation rule"
    _order = "key_id, operation_type, sequence, id"
    _rec_name = "name"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=50, help="Lower wins among rules that fit.")
    key_id = fields.Many2one("immex.pedimento.key", required=True, index=True)
    operation_type = fields.Selection([("1", "Import"), ("2", "Export")], required=True)
    case = fields.Char(help="Assumption of Appendix 2; empty fits every case.")
    regime_id = fields.Many2one(
        "immex.regime",
        ondelete="restrict",
        help="Empty, and documents whose regime is unknown, fit every regime.",
    )
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
        [
            ("all", "All layers"),
            ("unexpired", "Unexpired layers"),
            ("expired", "Expired layers"),
        ],
        "Layers That Serve",
        default="all",
        required=True,
        help="RT and V1 take expired layers too; F4 and F5 unexpired ones only; A3 "
        "case II expired ones only.",
    )
    layer_choice = fields.Selection(
        [("peps", "PEPS"), ("named", "Imports that the document names")],
        default="peps",
        required=True,
        help="PEPS: block 512 is compared with the layers that PEPS gives, and a "
        "difference is a finding. Imports that the document names: these are taken, "
        "and PEPS is compared with them.",
    )
    credit_effect = fields.Selection(
        [("charge", "Charge"), ("discharge", "Discharge"), ("none", "None")],
        default="none",
        required=True,
        help="Effect on the account of Anexo 30 (before 31), where the contributions "
        "were paid with forms 21 or 22.",
    )
    destination = fields.Selection(
        [
            ("return", "Retorno"),
            ("regime_change", "Cambio de régimen"),
            ("transfer", "Transferencias virtuales"),
            ("extraction", "Extracciones"),
            ("regularization", "Regularización"),
            ("ctm", "Constancia de transferencia de mercancías"),
            ("cfdi", "CFDI"),
            ("donation", "Aviso de donación"),
            ("destruction", "Aviso de destrucción"),
        ],
        "Customs Destination",
        help="Class of the discharge report of Anexo 30 (before 31), apartado III.",
    )
    valid_from = fields.Date(help="First day; empty: always was in force.")
    valid_to = fields.Date(help="Last day; empty: in force.")
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

    _identifier_of_complement = models.Constraint(
        "CHECK (identifier_complement IS NULL OR identifier_code IS NOT NULL)",
        "A complement belongs to an identifier.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.model
    @tools.ormcache()
    def _plain_rules(self):
        """The active rules as :class:`Rule` tuples."""
        return tuple(
            Rule(
                id=rule.id,
                key=rule.key_id.code,
                operation_type=rule.operation_type,
                case=(rule.case or "").strip().upper(),
                regime=rule.regime_id.code or "",
                identifier=(rule.identifier_code or "").strip().upper(),
                complement=(rule.identifier_complement or "").strip().upper(),
                sequence=rule.sequence,
                valid_from=rule.valid_from,
                valid_to=rule.valid_to,
            )
            for rule in self.sudo().search([])
        )

    @api.model
    def _match(
        self, key, operation_type, case=None, identifiers=(), date=None, regime=None
    ):
        """Return the rule that fits best, or an empty recordset.

        :param key: ``immex.pedimento.key`` record
        :param str operation_type: '1' import or '2' export
        :param identifiers: iterable of (code, (complement1, complement2, complement3))
        :param regime: ``immex.regime`` record, or None where it is unknown
        """
        rule = best_rule(
            self._plain_rules(),
            key.code,
            operation_type,
            case,
            identifiers,
            date,
            regime.code if regime else None,
        )
        return self.browse(rule.id if rule else ())
