# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "IMMEX Reports",
    "summary": "Anexo 24 reports on screen, in XLSX and XML; the authority's pages",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Supply Chain/Inventory",
    "author": "IMMEX Compliance contributors",
    "website": "https://github.com/immex-compliance/immex",
    "license": "LGPL-3",
    "depends": ["immex_compliance", "portal", "web"],
    "external_dependencies": {"python": ["lxml", "xlsxwriter"]},
    "countries": ["mx"],
    "data": [
        "security/ir.model.access.csv",
        "security/immex_reports_rules.xml",
        "views/immex_report_run_views.xml",
        "views/immex_authority_views.xml",
        "templates/authority.xml",
    ],
}
