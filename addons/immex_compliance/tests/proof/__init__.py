# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Proof of the discharge engine: histories, an independent judge, a fast loader.

No Odoo here, and no code shared with the product: plain Python over psycopg2.

``history``     what happened in a plant, as data
``oracle``      what the ledger must say of it, the slow and obvious way
``plant``       a company and what its histories share
``loader``      many histories into the tables of Odoo, as Odoo itself writes them
``engine``      the engine without Odoo
``ledger``      what the engine's ledger says, and how it differs
``strategies``  histories at random (Hypothesis)
"""
