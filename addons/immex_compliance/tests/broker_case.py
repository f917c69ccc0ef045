# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import requests
import zeep
from requests.auth import HTTPBasicAuth

from odoo import fields
from odoo.tests import HttpCase, new_test_user
from odoo.tests.common import TEST_CURSOR_COOKIE_NAME

from ..models.broker.immex_broker_access import SCOPE
from .common import PATENT, ImmexCase

ADDRESS = "/immex/broker/v1"
ENVELOPE = """<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"
 xmlns:b="urn:immex-compliance:broker:1">{header}<soapenv:Body>{body}</soapenv:Body>
</soapenv:Envelope>"""


class Session(requests.Session):
    """A client's own session; the server uses the test's cursor meanwhile."""

    def __init__(self, case):
        super().__init__()
        self.case = case

    def request(self, *args, **options):
        self.case.cr.flush()
        self.case.cr.clear()
        with self.case.allow_requests():
            # without it the server takes a request for one of an earlier test
            self.cookies[TEST_CURSOR_COOKIE_NAME] = self.case.http_request_key
            return super().request(*args, **options)


class BrokerCase(HttpCase, ImmexCase):
    """A broker with patent 3456, appointed by the company, and a client of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.broker_user, cls.broker = cls._broker("agencia", PATENT)
        cls.key = cls._key(cls.broker_user)

    @classmethod
    def _broker(cls, login, patent, appointed=True):
        user = new_test_user(
            cls.env, login, groups="base.group_portal", password="immex-broker-1"
        )
        broker = cls.env["immex.broker"].create(
            {
                "name": login,
                "patent_ids": [fields.Command.create({"name": patent})],
                "user_ids": [fields.Command.link(user.id)],
                "appointment_ids": [
                    fields.Command.create(
                        {"company_id": cls.company.id, "date_from": "2026-01-01"}
                    )
                ]
                * appointed,
            }
        )
        return user, broker

    @classmethod
    def _key(cls, user, scope=SCOPE):
        keys = cls.env["res.users.apikeys"].with_user(user).sudo()
        return keys._generate(scope, "test", None)

    def _session(self):
        return Session(self)

    def _client(self, key=None, login="agencia"):
        """A zeep client made from the WSDL that the service gives."""
        session = self._session()
        session.auth = HTTPBasicAuth(login, key or self.key)
        transport = zeep.Transport(session=session, timeout=60, operation_timeout=60)
        address = self.base_url() + ADDRESS
        return zeep.Client(f"{address}?wsdl", transport=transport).service

    def _deliver(self, content, client=None, **values):
        request = {
            "companyRfc": self.company.vat,
            "kind": "m3",
            "fileName": "m3456001.275",
            "content": content,
        } | values
        return (client or self._client()).deliverPedimento(**request)

    def _fault(self, code, action, *args, **options):
        """The fault that a call ends in."""
        # not by assertRaises, which would undo what the call has kept
        try:
            action(*args, **options)
        except zeep.exceptions.Fault as fault:
            self.assertEqual(fault.code, f"soapenv:{code}")
            return fault
        self.fail(f"no fault {code}")

    def _post(self, content, headers=None, **options):
        headers = {"Content-Type": "text/xml; charset=utf-8"} | (headers or {})
        auth = options.pop("auth", ("agencia", self.key))
        return self._session().post(
            self.base_url() + ADDRESS,
            data=content,
            headers=headers,
            auth=auth,
            timeout=60,
            **options,
        )

    def _envelope(self, body, header=""):
        return ENVELOPE.format(body=body, header=header).encode()
