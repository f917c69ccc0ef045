# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import csv
import logging
import re
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.service.model import call_kw, get_public_method
from odoo.sql_db import Cursor
from odoo.tests import tagged

from .authority_calls import arguments, public_methods
from .authority_case import MARK, AuthorityCase

_logger = logging.getLogger(__name__)

ALLOWED = Path(__file__).with_name("authority_allowed.csv")
INERROR = 3  # libpq: the transaction waits for its rollback
WRITES = re.compile(
    r"\s*(INSERT|UPDATE|DELETE|MERGE|COPY|TRUNCATE|ALTER|CREATE|DROP)\b", re.IGNORECASE
)


def allowed_calls():
    """{(model or *, method): reason} of the kept list."""
    with ALLOWED.open(encoding="utf-8", newline="") as stream:
        return {
            (row["model"], row["method"]): row["reason"]
            for row in csv.DictReader(stream)
        }


def harmless(result):
    """Nothing, a plain yes, or a window action: a screen that then asks for rights."""
    if not result or result is True:
        return True
    if isinstance(result, tuple) and not result[0]:
        return True  # no values, and the kind of the field that they are of
    return isinstance(result, dict) and str(result.get("type")).startswith(
        "ir.actions."
    )


@tagged("post_install", "-at_install")
class TestAuthorityWall(AuthorityCase):
    """With the doors for remote calls wide open, what would this user reach?

    Every public method of every model is called as Odoo's own dispatch calls it.
    """

    @contextmanager
    def _seen_writes(self):
        """List of what is written, by the beginning of its SQL."""
        written, execute = [], Cursor.execute

        def watch(cr, query, *arguments, **options):
            text = query if isinstance(query, str) else getattr(query, "code", "")
            if WRITES.match(text):
                written.append(text[:200])
            return execute(cr, query, *arguments, **options)

        with patch.object(Cursor, "execute", watch):
            yield written

    def _calls(self):
        """Yield (model, method, result or exception, what was written)."""
        env, cr = self.env(user=self.user.id), self.env.cr
        with self._plain_refusals(), self._seen_writes() as written:
            for name in sorted(self.env.registry):
                model = env[name]
                # a record that is there, so that a refusal is one
                ids = [1]
                if not model._abstract and model._table_query is None:
                    ids = self.env[name].search([], limit=1).ids or ids
                cr.execute("SAVEPOINT wall")
                for method in public_methods(model):
                    function = get_public_method(model, method)
                    values = arguments(function)
                    if not getattr(function, "_api_model", False):
                        values = [ids, *values]
                    del written[:]
                    try:
                        result = call_kw(model, method, values, {})
                        env.flush_all()
                    except Exception as error:  # any is no answer
                        result = error
                    yield name, method, result, list(written)
                    if written or not isinstance(result, AccessError):
                        env.transaction.clear()
                    broken = cr._cnx.get_transaction_status() == INERROR
                    if broken or written:
                        cr.execute("ROLLBACK TO SAVEPOINT wall")
                cr.execute("RELEASE SAVEPOINT wall")

    def test_every_method_of_every_model(self):
        """Refusal, nothing, or a line of the kept list; nothing that was planted."""
        self._tempt()
        allowed, met = allowed_calls(), set()
        outcomes, leaks, writes, marked = Counter(), [], [], []
        for model, method, result, written in self._calls():
            if isinstance(result, Exception):
                outcomes["refused" if isinstance(result, AccessError) else "no"] += 1
                continue
            outcomes["result" if result else "nothing"] += 1
            text = repr(result)
            keys = {("*", method), (model, method)} & allowed.keys()
            met |= keys
            if MARK in text:
                marked.append((model, method, text[:200]))
            if written and "(writes)" not in allowed.get((model, method), ""):
                writes.append((model, method, written))
            if not keys and not harmless(result):
                leaks.append((model, method, text[:200]))
        self.assertFalse(marked, "what the authority must not see")
        self.assertFalse(writes, "written without a line in the list")
        self.assertFalse(leaks, "no line in the list")
        self.assertFalse({key for key in allowed if key[0] == "*"} - met)
        self.assertGreater(outcomes.total(), 30_000)
        self.assertGreater(outcomes["refused"], 15_000, outcomes)
        _logger.info("calls of the authority's user: %s", dict(outcomes))

    def test_rows_that_it_reads(self):
        """Four models, and of each exactly these rows."""
        self._tempt()
        rows = {
            "res.users": self.user.ids,
            "res.partner": self.user.partner_id.ids,
            "res.company": self.company.ids,
            "res.lang": self.env["res.lang"].search([]).ids,
        }
        found = {}
        with self._plain_refusals():
            for name in self.env.registry:
                model = self.env(user=self.user.id)[name]
                if model._abstract:
                    continue
                for operation in ("create", "write", "unlink"):
                    self.assertFalse(model.has_access(operation), name)
                if model.has_access("read"):
                    found[name] = model.with_context(active_test=False).search([]).ids
        self.assertEqual(found, rows)
        # what would be there for it otherwise: the test could fail
        with patch.object(type(self.user), "_immex_is_authority", lambda _user: False):
            self.env.registry.clear_all_caches()
            plain = self.env(user=self.user.id)
            self.assertIn(MARK, str(plain["mail.message"].search([]).mapped("body")))
            self.assertTrue(plain["sale.order"].search([]))
            self.assertTrue(plain["ir.sequence"].has_access("write"))
        self.env.registry.clear_all_caches()
