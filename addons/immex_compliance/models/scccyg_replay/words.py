# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Words and digits that the tables of a replay share."""

MONEY = (20, 2)

ACCOUNTS = [
    ("credit", "Credit (21)"),
    ("guarantee", "Guarantee (22)"),
    ("none", "Not charged"),
]

# why the authority's balance is not ours
CAUSES = [
    ("unknown", "Charge that the books do not know"),
    ("no_layer", "Pedimento without layers in the books"),
    ("rectification", "Rectified: another version"),
    ("not_in_inventory", "Not in the initial inventory"),
    ("payment_form", "Form of payment"),
    ("fixed_asset", "Fixed asset on one side only"),
    ("tariff_item", "Another tariff item"),
    ("value", "Another value"),
    ("not_reported", "Discharged, not reported"),
    ("not_applied", "Sent, not applied yet"),
    ("expiring", "Left out: its term ends within the period"),
    ("not_in_ledger", "Reported, not in our ledger"),
    ("correction_due", "Reported otherwise: a correction is due"),
    ("correction_pending", "Reported otherwise: a correction is under way"),
    ("peps_order", "Order of PEPS: another charge was taken"),
]
