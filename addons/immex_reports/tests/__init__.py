from . import (
    test_authority,
    test_expiry,
    test_home,
    test_modules,
    test_month_end,
    test_remesas,
    test_report_delivery,
    test_report_files,
    test_reports,
    test_seal_file,
    test_update_hours,
    test_value_reports,
)
