# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "IMMEX Compliance",
    "summary": "Anexo 24 inventory control for maquiladoras: pedimentos, layers, PEPS",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Supply Chain/Inventory",
    "author": "IMMEX Compliance contributors",
    "website": "https://github.com/immex-compliance/immex",
    "license": "LGPL-3",
    "application": True,
    "depends": [
        "mail",
        "stock_account",
        "mrp_account",
        "mrp_subcontracting",
        "purchase_stock",
        "sale_stock",
        "l10n_mx",
    ],
    "external_dependencies": {"python": ["python-stdnum"]},
    "countries": ["mx"],
    "pre_init_hook": "pre_init_hook",
    "uninstall_hook": "uninstall_hook",
    "data": [
        "security/immex_groups.xml",
        "security/ir.model.access.csv",
        "security/immex_rules.xml",
    ],
}
