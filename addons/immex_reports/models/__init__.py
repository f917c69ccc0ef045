from . import immex_report_run
from . import immex_report_result
from . import immex_authority_access
from . import immex_access_log
from . import ir_http
