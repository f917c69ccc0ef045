# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The process of one job: reads its orders from standard input, works, ends.

Not imported by Odoo: ``immex.job`` starts it.
"""

import json
import sys
import time

TRIES = 5


def main():
    orders = json.load(sys.stdin)
    sys.path[:] = orders["path"]

    from odoo import api, modules
    from odoo.tools import config

    config.parse_config([], setup_logging=False)
    for name, value in orders["options"].items():
        config[name] = value
    config["workers"] = 0
    from odoo import netsvc

    netsvc.init_logger()
    modules.module.initialize_sys_path()
    from psycopg2 import OperationalError

    from odoo.modules.registry import Registry
    from odoo.orm.utils import SUPERUSER_ID

    registry = Registry(orders["database"])

    def job(cr):
        env = api.Environment(cr, SUPERUSER_ID, {})
        return env["immex.job"].browse(orders["job"])

    error = values = None
    try:
        # the work's snapshot must be younger than the lock
        with registry.cursor() as lock:
            job(lock)._lock_for_work()
            with registry.cursor() as cr:
                values = job(cr)._perform()
    except Exception as caught:
        error = caught
    # the work is kept, or undone; now its end is written, though a person may write
    # to the job in the same moment
    for attempt in range(TRIES):
        try:
            with registry.cursor() as cr:
                job(cr)._end(error, values)
            return
        except OperationalError:
            if attempt == TRIES - 1:
                raise
            time.sleep(1)


if __name__ == "__main__":
    main()
