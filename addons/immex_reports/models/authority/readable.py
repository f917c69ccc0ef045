# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What the authority's user may read of this database by Odoo's own means.

Portal users have rights of their own on a third of Odoo's models (they post messages,
write numbering sequences, see the orders of their company). None of that is for the
authority: its pages read with queries that name the company, and everything else is
these rows. Pages and the log-in need them: who is logged in, in which language.
"""

from odoo.fields import Domain

# model: rows, by the user
READABLE = {
    "res.users": lambda user: Domain("id", "=", user.id),
    "res.partner": lambda user: Domain("id", "=", user.partner_id.id),
    "res.company": lambda user: Domain("id", "in", user.company_ids.ids),
    "res.lang": lambda user: Domain("active", "=", True),
}
