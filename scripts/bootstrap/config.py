# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""odoo.conf for development; production's is in docker/."""

import os

from .paths import ADDONS, CACHE, CONFIG, DATA_DIR


def write(tree, server, path=CONFIG, data_dir=DATA_DIR, port=8069):
    """Write the configuration, which may hold a password, and return its path."""
    CACHE.mkdir(exist_ok=True)
    data_dir.mkdir(parents=True, exist_ok=True)
    lines = [
        "[options]",
        f"addons_path = {','.join([*tree.addons, str(ADDONS)])}",
        f"data_dir = {data_dir}",
        f"db_host = {server.host or False}",
        f"db_port = {server.port or False}",
        f"db_user = {server.user}",
        f"db_password = {server.password or False}",
        "http_interface = 127.0.0.1",
        f"http_port = {port}",
        "limit_time_real_cron = 0",
        "max_cron_threads = 1",
        "with_demo = False",
        "",
    ]
    # written aside and renamed: another run may be reading it
    aside = path.with_name(f"{path.name}.{os.getpid()}")
    with open(os.open(aside, os.O_WRONLY | os.O_CREAT, 0o600), "w") as stream:
        stream.write("\n".join(lines))
    aside.replace(path)
    return path
