# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import (
    immex_broker_draft,
    immex_broker_draft_check,
    immex_broker_draft_line,
    immex_broker_key,
    immex_catalog_update,
    immex_catalog_update_line,
    immex_detail_proposal,
    immex_detail_proposal_line,
    immex_discharge_request,
    immex_file_import,
    immex_file_import_issue,
    immex_finding_assign,
    immex_period_close,
    immex_period_reopen,
    immex_setup_opening,
    immex_setup_program,
    immex_setup_site,
    immex_setup_sites,
    immex_setup_status,
    immex_simulation,
    immex_simulation_line,
    immex_simulation_result,
    immex_vucem_ask,
)
