# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import xmlrpc.client
from contextlib import contextmanager
from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.authority.readable import READABLE
from .authority_case import MARK, AuthorityCase

HOME = "/immex/authority"
LOGGERS = (
    "odoo.http",
    "odoo.service.model",
    "odoo.sql_db",
    "odoo.addons.base.models.ir_model",
    "odoo.addons.base.models.ir_rule",
    "odoo.addons.rpc.controllers.xmlrpc",
)
# Odoo's own addresses, of each kind one or more; none is for the authority
ADDRESSES = (
    "/my/account",
    "/my/security",
    "/my/orders",
    "/my/quotes",
    "/my/invoices",
    "/my/purchase",
    "/my/productions",
    "/my/counters",
    "/odoo/apps",
    "/odoo/action-stock.action_picking_tree_all",
    "/web/content/{attachment}",
    "/web/content/res.users/2/image_1920",
    "/web/image/res.users/2/image_128",
    "/web/image/{attachment}",
    "/web/binary/company_logo",
    "/web/partner/vcard?partner_ids=1",
    "/web/export/formats",
    "/web/session/modules",
    "/web/session/get_session_info",
    "/web/become",
    "/web/tests",
    "/report/pdf/stock.report_deliveryslip/{picking}",
    "/report/html/stock.report_deliveryslip/{picking}",
    "/report/barcode/QR/x",
    "/mail/view?model=stock.picking&res_id={picking}",
    "/mail/message/translate",
    "/mail/init_messaging",
    "/mail/data",
    "/mail/thread/messages",
    "/mail/avatar/mail.message/1/author_avatar/50x50",
    "/discuss/channel/1",
    "/websocket",
    "/websocket/peek_notifications",
    "/bus/websocket_worker_bundle",
    "/web/webclient/version_info",
    "/json/1/users",
    "/doc",
    "/immex/report/1/xml",
    "/immex/seal/1",
    "/immex/upload",
    "/jsonrpc",
    "/web/dataset/call_kw",
    "/web/dataset/call_button",
    "/web/action/load",
    "/web/view/edit_custom",
    "/web/dataset/resequence",
)


@tagged("post_install", "-at_install")
class TestAuthorityDoors(AuthorityCase):
    """Over HTTP, as Odoo is served: XML-RPC, JSON-2, the web client's calls, pages."""

    def setUp(self):
        super().setUp()
        self._tempt()

    @contextmanager
    def _open_doors(self):
        """As if remote calls were not refused at all: what is behind the door?"""
        http = self.env.registry["ir.http"]
        with (
            patch.object(type(self.user), "_immex_makes_no_calls", lambda _user: False),
            patch.object(http, "_immex_is_authority", classmethod(lambda _cls: False)),
        ):
            yield

    def _api_key(self):
        """An API key from before the user became the authority's."""
        with patch.object(
            type(self.user), "_immex_makes_no_calls", lambda _user: False
        ):
            return (
                self.env["res.users.apikeys"]
                .with_user(self.user)
                .sudo()
                ._generate(None, "old", datetime.now() + timedelta(days=1))
            )

    def _json2(self, model, method, key, **values):
        """Status and answer of a JSON-2 call."""
        response = self.url_open(
            f"/json/2/{model}/{method}",
            json=values,
            headers={"Authorization": f"bearer {key}"},
        )
        return response.status_code, response.json()

    def _xmlrpc(self, model, method, secret, *values):
        """Status (as HTTP would say it) and answer of an XML-RPC call."""
        try:
            return 200, self.xmlrpc_object.execute_kw(
                self.env.cr.dbname, self.user.id, secret, model, method, list(values)
            )
        except xmlrpc.client.Fault as fault:
            return fault.faultCode, fault.faultString

    def _models(self):
        return sorted(
            name
            for name in self.env.registry
            if not self.env[name]._abstract and not name.startswith("_")
        )

    def _own(self):
        return {
            model: self.env[model].search(rows(self.user)).ids
            for model, rows in READABLE.items()
        }

    # as it is delivered ---------------------------------------------------------------
    @mute_logger(*LOGGERS)
    def test_no_remote_call_at_all(self):
        """Neither password nor key opens any protocol, for any model."""
        key = self._api_key()
        with self.assertRaises(AccessError):
            self.env["res.users.apikeys"].with_user(self.user)._generate(
                None, "new", datetime.now() + timedelta(hours=1)
            )
        for model in self._models():
            status, _answer = self._json2(model, "search_read", key, fields=["id"])
            self.assertEqual(status, 401, model)
        for model in (*READABLE, "stock.picking", "immex.layer", "mail.message"):
            for secret in ("sat_auditor_pass", key):
                status, _answer = self._xmlrpc(model, "search_read", secret, [])
                self.assertEqual(status, 3, model)
        self.authenticate("sat_auditor", "sat_auditor_pass")
        for path in ("/web/dataset/call_kw", "/web/dataset/call_button/x"):
            answer = self.url_open(
                path,
                json={
                    "params": {
                        "model": "res.users",
                        "method": "search_read",
                        "args": [],
                        "kwargs": {},
                    }
                },
            )
            self.assertNotIn("result", answer.json(), path)

    @mute_logger(*LOGGERS)
    def test_no_other_address(self):
        """Pages, files, reports, messages and the bus, of Odoo and of ours."""
        self.authenticate("sat_auditor", "sat_auditor_pass")
        values = {
            "picking": self.env["stock.picking"].search([], limit=1).id,
            "attachment": self.env["ir.attachment"]
            .search([("name", "=", MARK)], limit=1)
            .id,
        }
        for address in ADDRESSES:
            path = address.format(**values)
            for method in ("GET", "POST"):
                options = {"json": {}} if method == "POST" else {}
                response = self.url_open(path, allow_redirects=False, **options)
                with self.subTest(path=path, method=method):
                    self.assertNotIn(MARK, response.text)
                    refused = response.status_code >= 400
                    self.assertTrue(refused or "error" in response.json())
        for path in ("/", "/my", "/my/home", "/odoo", "/web"):
            response = self.url_open(path, allow_redirects=False)
            self.assertTrue(response.headers["Location"].endswith(HOME), path)

    def test_what_the_log_in_tells(self):
        """The words of a log-in by JSON: the user's own, no data of the company."""
        answer = self.url_open(
            "/web/session/authenticate",
            json={
                "params": {
                    "db": self.env.cr.dbname,
                    "login": "sat_auditor",
                    "password": "sat_auditor_pass",
                }
            },
        ).json()["result"]
        self.assertEqual(answer["uid"], self.user.id)
        self.assertNotIn(MARK, str(answer))
        self.assertFalse(answer["is_internal_user"])
        self.assertNotIn("user_companies", answer)

    # were the doors open --------------------------------------------------------------
    @mute_logger(*LOGGERS)
    def test_every_model_through_json_2(self):
        key = self._api_key()
        with self._open_doors(), self._plain_refusals():
            self._every_model(
                lambda model: (
                    self._json2(model, "search_read", key, fields=["id"]),
                    self._json2(model, "read", key, ids=[1], fields=["id"]),
                    self._json2(model, "write", key, ids=[1], vals={"name": "x"}),
                    self._json2(model, "create", key, vals_list=[{"name": "x"}]),
                    self._json2(model, "unlink", key, ids=[1]),
                )
            )

    @mute_logger(*LOGGERS)
    def test_every_model_through_xml_rpc(self):
        secret = self._api_key()
        with self._open_doors(), self._plain_refusals():
            self._every_model(
                lambda model: (
                    self._xmlrpc(model, "search_read", secret, [], ["id"]),
                    self._xmlrpc(model, "read", secret, [1], ["id"]),
                    self._xmlrpc(model, "write", secret, [1], {"name": "x"}),
                    self._xmlrpc(model, "create", secret, {"name": "x"}),
                    self._xmlrpc(model, "unlink", secret, [1]),
                )
            )

    def _every_model(self, call):
        """Refusal, or exactly the rows of the four models."""
        own, failures = self._own(), []
        for model in self._models():
            found, read, *changes = call(model)
            wanted = own.get(model, [])
            rows = [row["id"] for row in found[1]] if found[0] == 200 else []
            if rows != wanted:
                failures.append((model, "search_read", found))
            if read[0] == 200 and not {row["id"] for row in read[1]} <= set(wanted):
                failures.append((model, "read", read))
            failures += [(model, *change) for change in changes if change[0] == 200]
        self.assertFalse(failures)
