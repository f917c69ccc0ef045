# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import time

from psycopg2.errors import CheckViolation

from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_vucem_fetch import VucemFetchCase


@tagged("post_install", "-at_install")
class TestVucemTransport(VucemFetchCase):
    """What the access says of the connection, and what is told of its errors."""

    def _first(self):
        """The exchange of a fetch, after one round of the cron."""
        fetch = self._fetch()
        self._deliver(1)
        return fetch.whole_id

    def test_a_wrong_key_is_explained(self):
        self.access.service_key = "another"
        exchange = self._first()
        self.assertEqual(exchange.state, "failed")
        self.assertIn("FailedAuthentication", exchange.reason)
        self.assertIn("make a new key", exchange.meaning)
        self.assertNotIn("another", exchange.request + (exchange.answer or ""))

    def test_silence_is_borne_as_long_as_is_set(self):
        self.access.answer_seconds = 1
        self.assertEqual(
            self.env["immex.vucem.access"]._transport(self.company),
            {"timeout": (2, 1), "old_tls": False},
        )
        self.peer.silence = 4
        self.peer.misbehave = ["silence"]
        begun = time.monotonic()
        exchange = self._first()
        self.assertLess(time.monotonic() - begun, 3.5)
        # a question: it is asked again by itself
        self.assertEqual((exchange.state, exchange.tries), ("waiting", 1))
        self.assertIn("silent", exchange.meaning)

    def test_longer_silence_is_a_setting(self):
        self.access.answer_seconds = 60
        self.peer.silence = 2
        self.peer.misbehave = ["silence"]
        self.assertEqual(self._first().state, "done")

    def test_no_meaning_without_a_reason(self):
        self.assertFalse(self._first().meaning)

    def test_seconds_have_a_range(self):
        for values in ({"answer_seconds": 601}, {"connect_seconds": -1}):
            with (
                self.subTest(values=values),
                mute_logger("odoo.sql_db"),
                self.assertRaises(CheckViolation),
                self.env.cr.savepoint(),
            ):
                self.access.write(values)
                self.access.flush_recordset()
