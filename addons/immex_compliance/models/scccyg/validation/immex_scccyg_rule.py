# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

SEVERITIES = [("error", "Error"), ("warning", "Warning")]


class ImmexScccygRule(models.Model):
    """A rule by which the SCCCyG, or an auditor, refuses a file.

    What the law says stands beside what only users of the system report, and what is a
    setting since the technical manual is not public: each company decides what blocks.
    """

    _name = "immex.scccyg.rule"
    _description = "SCCCyG validation rule"
    _order = "sequence, id"

    sequence = fields.Integer(readonly=True)
    code = fields.Char(required=True, readonly=True)
    name = fields.Char("Rule", required=True, translate=True, readonly=True)
    advice = fields.Text("What to Do", required=True, translate=True, readonly=True)
    legal_source = fields.Char(required=True, readonly=True)
    certainty = fields.Selection(
        [
            ("law", "Text of the law"),
            ("practice", "Seen in practice"),
            ("setting", "Setting"),
        ],
        required=True,
        readonly=True,
        help="Seen in practice: reported by users of the SCCCyG, in no official text. "
        "Setting: decided by the technical manual, which SAT publishes on its portal "
        "alone, or by the company's settings.",
    )
    severity = fields.Selection(
        SEVERITIES, "As Delivered", required=True, readonly=True
    )
    company_severity = fields.Selection(
        [*SEVERITIES, ("off", "Not looked at")],
        "In This Company",
        company_dependent=True,
        help="Empty: as delivered. A line that cannot be read is an error whatever is "
        "chosen here.",
    )
    effect = fields.Selection(
        [*SEVERITIES, ("off", "Not looked at")], compute="_compute_effect"
    )

    _code_unique = models.Constraint("UNIQUE (code)", "This rule exists already.")

    @api.depends("severity", "company_severity")
    @api.depends_context("company")
    def _compute_effect(self):
        for rule in self:
            rule.effect = rule.company_severity or rule.severity
