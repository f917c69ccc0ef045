# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The demo company and its month, as plain data: no Odoo in here.

``company``     who: the company, its partners, its sites
``parts``       what: materials, subassemblies, products, with customs data
``production``  bills of materials and the orders of the month
``documents``   pedimentos of the month and the files they come in
``movements``   receipts, deliveries and what else happens in the warehouses
"""
