# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError

CERTIFICATIONS = [
    ("none", "None"),
    ("vat", "VAT/IEPS certification"),
    ("oea", "OEA"),
    ("oea_aeronaves", "OEA, aircraft"),
    ("oea_seciit", "OEA, SECIIT"),
]


class ImmexProgram(models.Model):
    """An authorisation that the Economy Ministry or SAT gave, with its dates.

    The IMMEX programme number is printed on every Anexo 24 report (Anexo 24, A-I-a).
    Certification decides the terms (RGCE 7.3.3-XXV, 7.3.5, 7.3.6).
    """

    _name = "immex.program"
    _description = "IMMEX programme"
    _inherit = ["mail.thread"]
    _order = "company_id, kind, valid_from desc, id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    kind = fields.Selection(
        [
            ("immex", "IMMEX"),
            ("prosec", "PROSEC"),
            ("regla8", "Regla Octava"),
            ("certification", "Certification (RECE)"),
        ],
        required=True,
        default="immex",
        tracking=True,
    )
    name = fields.Char(
        "Programme Number",
        required=True,
        tracking=True,
        help="As the authorisation prints it, for instance 1234-2019.",
    )
    modality = fields.Selection(
        [
            ("industrial", "Industrial"),
            ("services", "Services"),
            ("shelter", "Shelter (albergue)"),
            ("holding", "Holding (controladora)"),
            ("outsourcing", "Outsourcing (tercerización)"),
        ],
        default="industrial",
        help="Modality of the IMMEX programme (Decreto IMMEX, art. 3).",
    )
    certification = fields.Selection(
        CERTIFICATIONS,
        default="none",
        required=True,
        help="Only OEA categories lengthen the terms; a VAT/IEPS certification "
        "alone keeps 18 months (RGCE 7.3.3-XXV, 7.3.5-I, 7.3.6-IV).",
    )
    valid_from = fields.Date(required=True, tracking=True)
    valid_to = fields.Date(
        tracking=True, help="Empty while the authorisation is in force."
    )
    site_ids = fields.One2many("immex.program.site", "program_id", "Sites")
    note = fields.Text()

    _dates_order = models.Constraint(
        "CHECK (valid_to IS NULL OR valid_to >= valid_from)",
        "A programme cannot end before it starts.",
    )
    _number_unique = models.Constraint(
        "UNIQUE (company_id, kind, name, valid_from)",
        "This programme is already recorded.",
    )

    @api.constrains("company_id", "kind", "certification", "valid_from", "valid_to")
    def _check_methods(self):
        self._methods_by_value(self.company_id)._check_permitted()

    @api.ondelete(at_uninstall=False)
    def _unlink_not_needed(self):
        """A record goes only where by-value years stand on another."""
        for method in self._methods_by_value(self.company_id):
            if method._first_day_without_record(without=self):
                raise UserError(
                    self.env._(
                        "Discharge by value in %(year)s stands on this record.",
                        year=str(method.year),
                    )
                )

    def _methods_by_value(self, companies):
        return self.env["immex.discharge.method"].search(
            [("company_id", "in", companies.ids), ("method", "!=", "part")]
        )

    @api.model
    def _current(self, company, kind="immex", date=None, certifications=None):
        """Return the programme of ``company`` in force at ``date`` (default: the
        latest), or an empty recordset.

        :param certifications: keys of which a certification has to be one
        """
        domain = [("company_id", "=", company.id), ("kind", "=", kind)]
        if certifications:
            domain.append(("certification", "in", certifications))
        if date:
            domain += [
                ("valid_from", "<=", date),
                "|",
                ("valid_to", "=", False),
                ("valid_to", ">=", date),
            ]
        return self.search(domain, order="valid_from desc, id desc", limit=1)
