from . import immex_report_run
from . import result
from . import immex_authority_access
from . import immex_access_log
