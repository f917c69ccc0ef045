from . import test_authority, test_remesas, test_reports, test_value_reports
