# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

from .immex_scccyg_rule import SEVERITIES


class ImmexScccygHit(models.Model):
    """A line of a file that a rule refuses, or doubts."""

    _name = "immex.scccyg.hit"
    _description = "SCCCyG validation: hits"
    _order = "validation_id desc, severity, line, id"
    _log_access = False
    _rec_name = "line"

    validation_id = fields.Many2one(
        "immex.scccyg.validation", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="validation_id.company_id")
    rule_id = fields.Many2one("immex.scccyg.rule", required=True, ondelete="restrict")
    severity = fields.Selection(SEVERITIES, required=True)
    line = fields.Integer(aggregator=None, help="0: the file as a whole.")
    record_type = fields.Char("Record", size=10)
    field_number = fields.Integer(
        "Field No.", aggregator=None, help="1 is the type of the line."
    )
    field_name = fields.Char("Field")
    value = fields.Char(help="What the file says.")
    expected = fields.Char(
        "Expected or Other",
        help="What the books, the settings or another report say.",
    )
    other_line = fields.Integer(
        "See Line", aggregator=None, help="Line of the file that it goes with."
    )
    detail = fields.Char("Explanation")
    legal_source = fields.Char(related="rule_id.legal_source")
    advice = fields.Text(related="rule_id.advice")
    certainty = fields.Selection(related="rule_id.certainty")
