# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "Yardstick: discharge row by row",
    "summary": "What an ordinary add-on does, for the benchmarks only",
    "version": "19.0.1.0.0",
    "category": "Hidden",
    "author": "IMMEX Compliance contributors",
    "website": "https://github.com/immex-compliance/immex",
    "license": "LGPL-3",
    "depends": ["immex_compliance"],
    "data": ["security/ir.model.access.csv"],
}
