# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import base64
import hashlib
import io
import resource
from unittest.mock import patch

import zeep
from lxml import etree

from odoo.tests import new_test_user, tagged
from odoo.tools import config

from ..formats.m3 import M3Writer
from ..formats.pedimento_xml import m3_to_xml
from .broker_case import ADDRESS, BrokerCase
from .common import m3_file, m3_partida, parts_file, write_pedimento

NUMBER = "262434566000001"
MEMORY = 48 * 1024  # KiB that a call of many MB may add to the process


def issues_of(fault):
    """(code, line, field) of the issues of a fault's detail."""
    names = {"b": "urn:immex-compliance:broker:1"}
    return [
        tuple(
            issue.findtext(f"b:{name}", default="", namespaces=names)
            for name in ("code", "line", "field")
        )
        for issue in fault.detail.iterfind(".//b:issue", names)
    ]


@tagged("post_install", "-at_install")
class TestBrokerService(BrokerCase):
    def setUp(self):
        super().setUp()
        self.deliveries = self.env["immex.broker.delivery"]
        self.content = m3_file(([m3_partida()], {}))

    def _mine(self):
        self.env.invalidate_all()
        return self.deliveries.search([("broker_id", "=", self.broker.id)])

    # what is delivered -------------------------------------------------------------
    def test_pedimento_is_loaded(self):
        answer = self._deliver(self.content, deliveryId="A-1")
        self.assertEqual((answer.state, answer.repeated), ("loaded", False))
        self.assertEqual(answer.deliveryId, "A-1")
        self.assertEqual(answer.pedimentoNumber, [NUMBER])
        self.assertEqual(answer.sha256, hashlib.sha256(self.content).hexdigest())
        delivery = self._mine()
        pedimento = self.env["immex.pedimento"].search([("number15", "=", NUMBER)])
        self.assertEqual(delivery.pedimento_ids, pedimento)
        self.assertEqual(pedimento.company_id, self.company)
        self.assertEqual(pedimento.file_id.attachment_id.raw, self.content)
        self.assertEqual(delivery.user_id, self.broker_user)

    def test_xml_is_loaded_as_m3_is(self):
        xml = io.BytesIO()
        m3_to_xml(io.BytesIO(self.content), xml)
        answer = self._deliver(xml.getvalue(), kind="xml", fileName="p.xml")
        self.assertEqual(answer.state, "loaded")
        pedimento = self._mine().pedimento_ids
        self.assertEqual((pedimento.origin, pedimento.number15), ("xml", NUMBER))
        # the same pedimento in the other form is known
        again = self._deliver(self.content)
        self.assertEqual((again.state, again.repeated), ("known", False))
        self.assertEqual(again.issue[0].code, "duplicate")

    def test_part_file(self):
        self._deliver(self.content)
        line = {
            "numero_parte": "TERM-01",
            "cantidad_umc": "100.000",
            "cantidad_umt": "1.50000",
            "valor_usd": "50.00",
            "umc": "6",
            "umt": "1",
        }
        answer = self._deliver(parts_file(line), kind="parts", fileName="partes.csv")
        self.assertEqual(answer.state, "loaded")
        pedimento = self.env["immex.pedimento"].search([("number15", "=", NUMBER)])
        self.assertEqual(pedimento.goods_ids.part_number, "TERM-01")
        self.assertEqual(answer.pedimentoNumber, [NUMBER])
        told = self._client().getState(pedimentoNumber=NUMBER)
        self.assertIn("partes.csv", [state.fileName for state in told])
        limit = "immex_compliance.inline_file_mb"
        self.env["ir.config_parameter"].set_param(limit, "0")
        large = parts_file(line | {"numero_parte": "TERM-02"})
        self._deliver(large, kind="parts", fileName="c.csv", deliveryId="C")
        delivery = self._mine().filtered(lambda one: one.delivery_key == "C")
        delivery.file_id.job_id._run_now()
        (told,) = self._client().getState(deliveryId="C")
        self.assertEqual(
            (told.state, told.pedimentoNumber), ("loaded", [NUMBER]), told.issue
        )
        other = parts_file(line | {"patente": "9999"})
        fault = self._fault(
            "Client.Validation", self._deliver, other, kind="parts", fileName="b.csv"
        )
        self.assertIn("Patent 9999", fault.message)

    def test_document(self):
        client = self._client()
        request = {
            "companyRfc": self.company.vat,
            "pedimentoNumber": NUMBER,
            "fileName": "C:\\docs\\factura.pdf",
            "content": b"%PDF-1.4 invoice",
        }
        self._fault("Client.Validation", client.deliverDocument, **request)
        self.assertFalse(self._mine())
        self._deliver(self.content)
        answer = client.deliverDocument(**request)
        self.assertEqual((answer.state, answer.fileName), ("loaded", "factura.pdf"))
        pedimento = self.env["immex.pedimento"].search([("number15", "=", NUMBER)])
        attachment = self._mine().attachment_id
        self.assertEqual(
            (attachment.res_model, attachment.res_id), ("immex.pedimento", pedimento.id)
        )
        self.assertEqual(attachment.mimetype, "application/pdf")
        self.assertTrue(client.deliverDocument(**request).repeated)
        page = client.deliverDocument(
            **request | {"fileName": "x.html", "content": b"<script>1</script>"}
        )
        self.assertEqual(page.state, "loaded")
        kept = self._mine().filtered(lambda one: one.filename == "x.html")
        self.assertEqual(kept.attachment_id.mimetype, "application/octet-stream")
        foreign = request | {"pedimentoNumber": "262499996000001"}
        fault = self._fault("Client.Validation", client.deliverDocument, **foreign)
        self.assertIn("Patent 9999", fault.message)

    def test_large_file_is_loaded_in_the_background(self):
        self.env["ir.config_parameter"].set_param(
            "immex_compliance.inline_file_mb", "0"
        )
        answer = self._deliver(self.content, deliveryId="BIG")
        self.assertEqual(answer.state, "received")
        self._mine().file_id.job_id._run_now()
        (state,) = self._client().getState(deliveryId="BIG")
        self.assertEqual((state.state, state.pedimentoNumber), ("loaded", [NUMBER]))

    def test_background_work_that_breaks_off(self):
        """Is told, and the same file may be delivered again."""
        limit = "immex_compliance.inline_file_mb"
        self.env["ir.config_parameter"].set_param(limit, "0")
        self._deliver(self.content, deliveryId="BIG")
        first = self._mine().file_id
        first.job_id.sudo().action_cancel()
        self.assertEqual(first.state, "stopped")
        (told,) = self._client().getState(deliveryId="BIG")
        self.assertEqual((told.state, told.issue[0].code), ("refused", "stopped"))
        again = self._deliver(self.content, deliveryId="BIG")
        self.assertEqual((again.state, again.repeated), ("received", False))
        delivery = self._mine()
        self.assertEqual(delivery.attempts, 2)
        delivery.file_id.job_id._run_now()
        (told,) = self._client().getState(deliveryId="BIG")
        self.assertEqual((told.state, told.issue), ("loaded", []))

    def test_what_a_file_ended_in_outlives_it(self):
        limit = "immex_compliance.inline_file_mb"
        self.env["ir.config_parameter"].set_param(limit, "0")
        bad = m3_file(([m3_partida(umc="77")], {}))
        self._deliver(bad, deliveryId="BAD")
        self._deliver(self.content, deliveryId="STOP")
        deliveries = self._mine().grouped("delivery_key")
        deliveries["BAD"].file_id.job_id._run_now()
        deliveries["STOP"].file_id.job_id.sudo().action_cancel()
        codes = {}
        for turn in range(2):
            for key in deliveries:
                (told,) = self._client().getState(deliveryId=key)
                self.assertEqual(told.state, "refused")
                codes.setdefault(key, []).append([one.code for one in told.issue])
            if not turn:
                self._mine().file_id.unlink()
        self.assertEqual(codes["STOP"], [["stopped"]] * 2)
        self.assertEqual(codes["BAD"][0], ["unknown_umc"])
        self.assertEqual(*codes["BAD"])

    # idempotent ---------------------------------------------------------------------
    def test_same_bytes_or_same_id_answer_the_earlier_delivery(self):
        first = self._deliver(self.content, deliveryId="A-1")
        for options in ({"deliveryId": "A-1"}, {"deliveryId": "A-2"}, {}):
            again = self._deliver(self.content, **options)
            self.assertEqual((again.deliveryId, again.repeated), ("A-1", True))
            self.assertEqual(again.receivedAt, first.receivedAt)
        self.assertEqual(len(self._mine()), 1)
        other = m3_file(([m3_partida()], {"document": "6000002"}))
        fault = self._fault("Client.Validation", self._deliver, other, deliveryId="A-1")
        self.assertEqual(issues_of(fault)[0][2], "deliveryId")
        self.assertEqual(len(self._mine()), 1)

    def test_refused_is_kept_and_may_come_again(self):
        bad = m3_file(([m3_partida(umc="77")], {}))
        fault = self._fault("Client.Validation", self._deliver, bad, deliveryId="B-1")
        self.assertIn(
            ("unit", "9", "umc"),
            [("unit", line, field) for _code, line, field in issues_of(fault)],
        )
        delivery = self._mine()
        self.assertEqual((delivery.state, delivery.attempts), ("refused", 1))
        self.assertEqual(delivery.attachment_id.raw, bad)
        self.assertIn("umc", delivery.issue_text)
        self.assertFalse(
            self.env["immex.pedimento"].search([("number15", "=", NUMBER)])
        )
        (state,) = self._client().getState(pedimentoNumber=NUMBER)
        self.assertEqual((state.deliveryId, state.state), ("B-1", "refused"))
        self.assertEqual(state.issue[0].field, "umc")
        # what was missing is there now: the same call is tried anew
        self.env["immex.unit"].create({"code": "77", "name": "Test unit"})
        answer = self._deliver(bad, deliveryId="B-1")
        self.assertEqual((answer.state, answer.repeated), ("loaded", False))
        self.assertEqual((self._mine().state, self._mine().attempts), ("loaded", 2))
        self.assertFalse(self._mine().issue_text)

    # who may -----------------------------------------------------------------------
    def test_other_patent_is_refused_before_anything_is_stored(self):
        self.broker.patent_ids.name = "3999"
        attachments = self.env["ir.attachment"].search_count([])
        fault = self._fault("Client.Validation", self._deliver, self.content)
        self.assertIn("Patent 3456", fault.message)
        self.assertFalse(self._mine())
        self.assertEqual(self.env["ir.attachment"].search_count([]), attachments)
        self.assertFalse(
            self.env["immex.pedimento.file"]
            .search([])
            .filtered(lambda file: file.company_id == self.company)
        )

    def test_company_that_did_not_appoint(self):
        self.env["res.company"].create({"name": "Other", "vat": "OTR150203AB1"})
        unknown = self._fault(
            "Client.Validation", self._deliver, self.content, companyRfc="XXX150203AB1"
        )
        other = self._fault(
            "Client.Validation", self._deliver, self.content, companyRfc="OTR150203AB1"
        )
        self.assertEqual(unknown.message, other.message)

    def test_revoked_appointment(self):
        self._deliver(self.content, deliveryId="A-1")
        self.assertEqual(len(self._client().getState(deliveryId="A-1")), 1)
        self.broker.appointment_ids.date_to = "2026-01-31"
        self._fault("Client.Validation", self._deliver, self.content)
        self.assertEqual(self._client().getState(deliveryId="A-1"), [])
        self.assertEqual(self._client().getState(pedimentoNumber=NUMBER), [])

    def test_another_broker_sees_nothing(self):
        self._deliver(self.content, deliveryId="A-1")
        user, _broker = self._broker("otra", "3111")
        client = self._client(self._key(user), "otra")
        self.assertEqual(client.getState(deliveryId="A-1"), [])
        self.assertEqual(client.getState(pedimentoNumber=NUMBER), [])
        mine = self.deliveries.with_user(user).with_context(
            allowed_company_ids=self.company.ids
        )
        self.assertFalse(mine.search([]))

    def test_keys(self):
        other = self.key[:-1] + ("1" if self.key.endswith("0") else "0")
        for key in ("wrong", "", "immex-broker-1", other):
            with self.subTest(key=key):
                self._fault(
                    "Client.Authentication",
                    self._client(key or "x").getState,
                    deliveryId="A",
                )
        other = new_test_user(self.env, "portal_x", groups="base.group_portal")
        self._fault(
            "Client.Authentication",
            self._client(self._key(other), "portal_x").getState,
            deliveryId="A",
        )
        # the key of another user than the login
        self._fault(
            "Client.Authentication",
            self._client(self.key, "portal_x").getState,
            deliveryId="A",
        )
        self.env["ir.config_parameter"].set_param("base.login_cooldown_after", "0")
        # a key of the user's for everything opens too; the user archived, none does
        self.assertEqual(
            self._client(self._key(self.broker_user, None)).getState(deliveryId="A"), []
        )
        body = self._envelope("<b:getState><b:deliveryId>A</b:deliveryId></b:getState>")
        for headers in (
            {"X-API-Key": self.key},
            {"Authorization": f"Bearer {self.key}"},
        ):
            answer = self._post(body, headers, auth=None)
            self.assertEqual(answer.status_code, 200)
        answer = self._post(body, auth=None)
        self.assertEqual(answer.status_code, 401)
        self.assertIn("Basic", answer.headers["WWW-Authenticate"])
        self.broker.active = False
        self._fault("Client.Authentication", self._client().getState, deliveryId="A")

    def test_a_key_of_the_service_opens_nothing_else(self):
        answer = self.url_open(
            "/json/2/res.users/read",
            json={"ids": [self.broker_user.id]},
            headers={"Authorization": f"Bearer {self.key}"},
        )
        self.assertEqual(answer.status_code, 401)

    # limits ------------------------------------------------------------------------
    def test_too_large(self):
        self.broker.max_file_mb = 1
        fault = self._fault(
            "Client.TooLarge", self._deliver, b"500|\r\n" * (512 * 1024)
        )
        self.assertIn("1 MiB", fault.message)
        # its base64 fits the limit of the body, its bytes do not
        self._fault("Client.TooLarge", self._deliver, b"5" * (1024 * 1024 + 1))
        self.assertFalse(self._mine())

        def stream():
            yield self._envelope("<b:deliverPedimento><b:content>").split(b"</soap")[0]
            for _block in range(64):
                yield b"QUFB" * 16384

        answer = self._post(stream())
        self.assertEqual(answer.status_code, 500)
        self.assertIn("Client.TooLarge", answer.text)

    def test_calls_per_minute(self):
        self.broker.calls_per_minute = 3
        # a minute must not end in between
        self.env["immex.broker.usage"].search([]).unlink()
        client = self._client()
        codes = []
        for _call in range(8):
            try:
                client.getState(deliveryId="A")
                codes.append("")
            except zeep.exceptions.Fault as fault:
                codes.append(fault.code)
        refused = [code for code in codes if code]
        self.assertEqual(set(refused), {"soapenv:Client.RateLimit"})
        self.assertIn(len(refused), (2, 5))  # 2 where a new minute began meanwhile

    def test_bytes_per_day(self):
        usage = self.env["immex.broker.usage"]
        self.broker.mb_per_day = 1
        limit = 1024 * 1024
        self.assertTrue(usage._count(self.broker, "bytes", limit - 500, limit))
        self._fault("Client.RateLimit", self._deliver, self.content)
        # what was refused was not counted
        self.assertTrue(usage._count(self.broker, "bytes", 400, limit))
        self.assertFalse(usage._count(self.broker, "bytes", 400, limit))
        self.assertFalse(usage._count(self.broker, "calls", 5, 4))

    def test_bounded_memory(self):
        self.broker.max_file_mb = 64
        self.env["ir.config_parameter"].set_param(
            "immex_compliance.inline_file_mb", "0"
        )
        # many pedimentos: one alone is in memory as a whole
        stream = io.BytesIO()
        write_pedimento(M3Writer(stream, "big"), [m3_partida()])
        block = base64.b64encode(stream.getvalue() * 3)
        start, end = self._envelope(
            "<b:deliverPedimento>"
            f"<b:companyRfc>{self.company.vat}</b:companyRfc><b:kind>m3</b:kind>"
            "<b:fileName>big</b:fileName><b:content>CONTENT</b:content>"
            "</b:deliverPedimento>"
        ).split(b"CONTENT")

        def body():
            yield start
            for _block in range(40_000_000 // len(block)):
                yield block
            yield end

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        answer = self._post(body())
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak
        self.assertIn(b"received", answer.content)
        self.assertGreater(self._mine().size, 29_000_000)
        self.assertLess(grown, MEMORY)

    # what is no call -----------------------------------------------------------------
    def test_hostile_bodies(self):
        bomb = b'<!DOCTYPE p [<!ENTITY a "AAAAAAAAAA">'
        for one, other in zip("abcdefgh", "bcdefghi", strict=True):
            bomb += f'<!ENTITY {other} "{f"&{one};" * 10}">'.encode()
        call = "<b:getState><b:deliveryId>A</b:deliveryId></b:getState>"
        for body, code in (
            (bomb + b"]><p>&i;</p>", "Client"),
            (b"", "Client"),
            (b"500|1|3456", "Client"),
            (b"<a/>", "Client"),
            (self._envelope(call)[:-40], "Client"),
            (self._envelope(""), "Client.Operation"),
            (self._envelope("<b:deleteAll/>"), "Client.Operation"),
            (self._envelope("<getState/>"), "Client.Operation"),
            (self._envelope(call + call), "Client"),
            (self._envelope(call.replace("A", "A" * 501)), "Client.Validation"),
            (self._envelope("<b:getState/>"), "Client.Validation"),
            (self._envelope("<b:getState><b:x/></b:getState>"), "Client.Validation"),
            (
                self._envelope(
                    "<b:deliverPedimento><b:content>!</b:content></b:deliverPedimento>"
                ),
                "Client.Validation",
            ),
            (
                self._envelope(
                    call,
                    '<soapenv:Header><x:y xmlns:x="urn:x" '
                    'soapenv:mustUnderstand="1"/></soapenv:Header>',
                ),
                "MustUnderstand",
            ),
            (
                self._envelope(call).replace(
                    b"http://schemas.xmlsoap.org/soap/envelope/",
                    b"http://www.w3.org/2003/05/soap-envelope",
                ),
                "VersionMismatch",
            ),
        ):
            with self.subTest(body=body[-120:]):
                answer = self._post(body)
                self.assertEqual(answer.status_code, 500)
                root = etree.fromstring(answer.content)
                self.assertEqual(root.findtext(".//faultcode"), f"soapenv:{code}")
        self.assertEqual(
            self._post(
                b"a=b", {"Content-Type": "application/x-www-form-urlencoded"}
            ).status_code,
            500,
        )
        self.assertFalse(self._mine())

    def test_what_is_wrong_with_a_request(self):
        for values in (
            {"kind": "m3", "fileName": "../"},
            {"content": b""},
            {"deliveryId": "a b"},
        ):
            with self.subTest(values=values):
                self._fault(
                    "Client.Validation",
                    self._deliver,
                    values.pop("content", self.content),
                    **values,
                )

    # the WSDL ------------------------------------------------------------------------
    def test_wsdl(self):
        answer = self.url_open(f"{ADDRESS}?wsdl")
        self.assertEqual(answer.status_code, 200)
        root = etree.fromstring(answer.content)
        soap = "{http://schemas.xmlsoap.org/wsdl/soap/}"
        (address,) = root.iter(f"{soap}address")
        self.assertEqual(address.get("location"), self.base_url() + ADDRESS)
        # Basic Profile 1.1: literal, one part, by element, an action for each operation
        for body in root.iter(f"{soap}body"):
            self.assertEqual(dict(body.attrib), {"use": "literal"})
        wsdl = "{http://schemas.xmlsoap.org/wsdl/}"
        for message in root.iter(f"{wsdl}message"):
            (part,) = message.findall(f"{wsdl}part")
            self.assertIn("element", part.attrib)
        (schema,) = root.iter("{http://www.w3.org/2001/XMLSchema}schema")
        # it stands alone: the tools of other platforms take it out of the WSDL
        etree.XMLSchema(etree.fromstring(etree.tostring(schema)))
        operations = self._client()._binding._operations
        self.assertEqual(
            set(operations), {"deliverPedimento", "deliverDocument", "getState"}
        )
        for operation in operations.values():
            self.assertEqual(operation.style, "document")

    def test_address_behind_a_proxy(self):
        headers = {
            "X-Forwarded-Host": "aduana.example.mx",
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": "10.0.0.1",
        }
        for proxy, host in (
            (True, "https://aduana.example.mx"),
            (False, self.base_url()),
        ):
            with (
                self.subTest(proxy=proxy),
                patch.dict(config.options, {"proxy_mode": proxy}),
            ):
                answer = self.url_open(f"{ADDRESS}?wsdl", headers=headers)
                self.assertIn(f'location="{host}{ADDRESS}"', answer.text)

    def test_answers_are_valid(self):
        """What the service says keeps to its own schema, faults too."""
        root = etree.fromstring(self.url_open(f"{ADDRESS}?wsdl").content)
        (schema,) = root.iter("{http://www.w3.org/2001/XMLSchema}schema")
        schema = etree.XMLSchema(etree.fromstring(etree.tostring(schema)))

        def call(content, key):
            told = base64.b64encode(content).decode()
            return etree.fromstring(
                self._post(
                    self._envelope(
                        "<b:deliverPedimento>"
                        f"<b:companyRfc>{self.company.vat}</b:companyRfc><b:kind>m3</b:kind>"
                        f"<b:fileName>f</b:fileName><b:deliveryId>{key}</b:deliveryId>"
                        f"<b:content>{told}</b:content></b:deliverPedimento>"
                    )
                ).content
            )

        loaded = call(self.content, "A")
        schema.assertValid(loaded[0][0])
        refused = call(m3_file(([m3_partida(umc="77")], {"document": "6000002"})), "B")
        schema.assertValid(refused.find(".//detail")[0])
        state = etree.fromstring(
            self._post(
                self._envelope(
                    "<b:getState><b:deliveryId>B</b:deliveryId></b:getState>"
                )
            ).content
        )
        schema.assertValid(state[0][0])
