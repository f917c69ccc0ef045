# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A headless Chromium for tests: `make test` names it in CHROME_BIN."""

import os
import shutil
from contextlib import contextmanager

from playwright.sync_api import sync_playwright

# Chromium calls home in many ways, none of them wanted in a test.
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def executable():
    """Path of the browser, or None."""
    return os.environ.get("CHROME_BIN") or shutil.which("chromium")


@contextmanager
def browser_page(base_url, **options):
    """A page in a browser of its own; ``options`` go to the context (locale, size)."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable(), args=list(QUIET)
        )
        try:
            context = browser.new_context(base_url=base_url, **options)
            page = context.new_page()
            page.set_default_timeout(60_000)
            yield page
        finally:
            browser.close()


def log_in(page, login="admin", password="admin"):
    """Fill Odoo's login form and wait for what comes after it."""
    page.goto("/web/login")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", password)
    page.click("button[type=submit]")
    page.wait_for_url(lambda url: "/web/login" not in url)
