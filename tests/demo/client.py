# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Odoo seen from outside, as any integration sees it: JSON-2 with an API key.

Numbers are read as ``Decimal``: what a float column of six decimals says is exact once
it is cut to its decimals, and no float is ever computed with.
"""

import http.cookiejar
import json
import urllib.request
from decimal import Decimal

TIMEOUT = 120


class Client:
    """A session of a user, and the API key that the user makes for himself."""

    def __init__(self, address, database, login, password):
        self.address = address
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(cookies)
        self._web(
            "/web/session/authenticate",
            {"db": database, "login": login, "password": password},
        )
        self._key = self._make_key(password)

    def read_all(self, model, domain=(), fields=()):
        """Every record of a model, as ``{id: {field: value}}``; many2one as id."""
        rows = self.call(
            model, "search_read", domain=list(domain), fields=list(fields), load=None
        )
        return {row["id"]: row for row in rows}

    def call(self, model, method, **arguments):
        """Call a public method of a model through ``/json/2``."""
        arguments.setdefault("context", {"active_test": False, "lang": "en_US"})
        request = urllib.request.Request(
            f"{self.address}/json/2/{model}/{method}",
            json.dumps(arguments).encode(),
            {
                "Content-Type": "application/json",
                "Authorization": f"bearer {self._key}",
            },
        )
        with urllib.request.urlopen(request, timeout=TIMEOUT) as response:
            return json.load(response, parse_float=Decimal)

    def _make_key(self, password):
        model = "res.users.apikeys.description"
        values = {"name": "oracle", "duration": "7"}
        wizard = self._button(model, "create", [values], {})
        action = self._button(model, "make_key", [[wizard]], {})
        if action["res_model"] == "res.users.identitycheck":
            check = [[action["res_id"]]]
            context = {"context": {"password": password}}
            action = self._button(action["res_model"], "run_check", check, context)
        return action["context"]["default_key"]

    def _button(self, model, method, args, kwargs):
        return self._web(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": args, "kwargs": kwargs},
        )

    def _web(self, path, params):
        request = urllib.request.Request(
            self.address + path,
            json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}).encode(),
            {"Content-Type": "application/json"},
        )
        with self._opener.open(request, timeout=TIMEOUT) as response:
            answer = json.load(response)
        if "error" in answer:
            raise AssertionError(answer["error"]["data"]["message"])
        return answer["result"]
