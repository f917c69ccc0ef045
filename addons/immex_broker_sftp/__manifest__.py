# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "IMMEX Brokers by SFTP",
    "summary": "Notices to a broker's SFTP server, and its files from there",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Supply Chain/Inventory",
    "author": "IMMEX Compliance contributors",
    "website": "https://github.com/immex-compliance/immex",
    "license": "LGPL-3",
    "depends": ["immex_compliance"],
    "external_dependencies": {"python": ["cryptography", "paramiko"]},
    "countries": ["mx"],
    "data": [
        "security/ir.model.access.csv",
        "security/immex_broker_sftp_rules.xml",
        "wizards/immex_sftp_host_key_views.xml",
        "views/immex_broker_inbox_views.xml",
        "views/immex_broker_views.xml",
        "data/ir_cron.xml",
    ],
}
