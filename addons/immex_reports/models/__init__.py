from . import (
    immex_access_log,
    immex_authority_access,
    immex_report_result,
    immex_report_run,
    ir_http,
    res_users,
)
