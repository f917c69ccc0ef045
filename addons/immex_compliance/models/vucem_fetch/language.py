# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""In which language reasons are told."""


def language(exchange):
    """Of who asked: the scheduler has no readers of its own, so the company's."""
    asker, company = exchange.user_id, exchange.company_id
    return company.partner_id.lang if asker._is_superuser() else asker.lang
