# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The broker service under four workers: one delivery from many callers at once."""

import json
import random
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests
import zeep
from lxml import etree
from requests.auth import HTTPBasicAuth
from support.server import served, shell

CALLERS = 8
DOCS = Path(__file__).parents[2] / "docs" / "broker.md"
CORPUS = Path(__file__).parents[1] / "fuzz" / "corpus" / "broker"
DAMAGED = 60

SETUP = """
import json
# whatever other tests of this database set: small files are loaded at once
env["ir.config_parameter"].set_param("immex_compliance.inline_file_mb", "4")
company = env["res.company"].create({"name": "Delivered SA", "vat": "ADN150203AB1",
    "country_id": env.ref("base.mx").id})
env["immex.program"].create({"company_id": company.id, "kind": "immex",
    "name": "1234-2019", "valid_from": "2019-01-01"})
user = env["res.users"].with_context(no_reset_password=True).create({
    "name": "Agencia", "login": "agencia_whole",
    "group_ids": [(6, 0, env.ref("base.group_portal").ids)]})
broker = env["immex.broker"].create({"name": "Agencia", "calls_per_minute": 600,
    "patent_ids": [(0, 0, {"name": "3456"})], "user_ids": [(4, user.id)],
    "appointment_ids": [(0, 0, {"company_id": company.id, "date_from": "2026-01-01"})]})
keys = env["res.users.apikeys"].with_user(user).sudo()
key = keys._generate("immex.broker", "whole", None)
from odoo.addons.immex_compliance.tests.common import m3_file, m3_partida
files = [m3_file(([m3_partida()] * 40, {"document": f"60001{n:02d}"})).decode()
         for n in range(5)]
env.cr.commit()
print("MADE" + json.dumps([broker.id, key, files]))
"""
ASK = """
import json
deliveries = env["immex.broker.delivery"].search([("broker_id", "=", BROKER)])
calls = env["immex.broker.usage"].search(
    [("broker_id", "=", BROKER), ("kind", "=", "calls")])
sent = env["immex.broker.usage"].search(
    [("broker_id", "=", BROKER), ("kind", "=", "bytes")])
print("FOUND" + json.dumps([
    sorted((d.delivery_key, d.state, d.attempts) for d in deliveries),
    len(deliveries.file_id), len(deliveries.pedimento_ids),
    sum(calls.mapped("amount")), sum(sent.mapped("amount"))]))
"""
LIMIT = """
env["immex.broker"].browse(BROKER).calls_per_minute = 5
env["immex.broker.usage"].search([]).sudo().unlink()
env.cr.commit()
"""


def told(printed, mark):
    (line,) = [row for row in printed.splitlines() if row.startswith(mark)]
    return json.loads(line.removeprefix(mark))


@pytest.fixture(scope="module")
def made(odoo_config, odoo_database):
    return told(shell(odoo_config, odoo_database, SETUP), "MADE")


class Sized(requests.Session):
    """Counts the bytes that it sends."""

    sent = 0

    def send(self, prepared, **options):
        body = prepared.body or b""
        self.sent += len(body)
        return super().send(prepared, **options)


def client(address, key):
    session = Sized()
    session.auth = HTTPBasicAuth("agencia_whole", key)
    transport = zeep.Transport(session=session, timeout=90, operation_timeout=90)
    return zeep.Client(f"{address}/immex/broker/v1?wsdl", transport=transport)


def at_once(calls):
    with ThreadPoolExecutor(len(calls)) as pool:
        futures = [pool.submit(*call) for call in calls]
        return [future.result() for future in futures]


def test_one_delivery_of_many_callers(odoo_config, odoo_database, made, tmp_path):
    broker, key, files = made
    log = tmp_path / "odoo.log"
    with served(odoo_config, odoo_database, log, "--workers", "4") as address:
        clients = [client(address, key) for _caller in range(CALLERS)]

        def deliver(caller, content, **values):
            return clients[caller].service.deliverPedimento(
                companyRfc="ADN150203AB1",
                kind="m3",
                fileName="m3456001.275",
                content=content.encode(),
                **values,
            )

        # the same bytes under the same id, then under ids of each caller's own
        named = [(deliver, n, files[0]) for n in range(CALLERS)]
        answers = at_once(
            [
                (lambda call=call: call[0](*call[1:], deliveryId="ONE"),)
                for call in named
            ]
        )
        assert {answer.deliveryId for answer in answers} == {"ONE"}
        assert sorted(a.repeated for a in answers) == [False] + [True] * (CALLERS - 1)
        assert {answer.state for answer in answers} == {"loaded"}
        answers = at_once([(deliver, n, files[1]) for n in range(CALLERS)])
        assert len({answer.deliveryId for answer in answers}) == 1

        # one id for two contents: one of them is refused
        def either(caller):
            try:
                content = files[2 + caller % 2]
                return deliver(caller, content, deliveryId="TWO").sha256
            except zeep.exceptions.Fault as fault:
                assert fault.code == "soapenv:Client.Validation"
                return None

        hashes = at_once([(either, n) for n in range(CALLERS)])
        assert len(set(hashes)) == 2 and hashes.count(None) == CALLERS // 2

        printed = shell(odoo_config, odoo_database, ASK.replace("BROKER", str(broker)))
        deliveries, loaded, pedimentos, calls, sent = told(printed, "FOUND")
        assert len(deliveries) == loaded == pedimentos == 3
        assert {(state, tries) for _key, state, tries in deliveries} == {("loaded", 1)}
        # every call and every byte was counted, and once
        assert calls == 3 * CALLERS
        assert sent == sum(one.transport.session.sent for one in clients)

        shell(odoo_config, odoo_database, LIMIT.replace("BROKER", str(broker)))

        def ask(caller):
            try:
                clients[caller].service.getState(deliveryId="ONE")
            except zeep.exceptions.Fault as fault:
                return fault.code
            return "answered"

        codes = at_once([(ask, n) for n in range(CALLERS)])
        assert set(codes) <= {"answered", "soapenv:Client.RateLimit"}
        assert codes.count("answered") in (5, CALLERS)  # a new minute began meanwhile
    assert "Broker service" not in log.read_text()  # its errors begin so


def test_script_of_the_documentation(odoo_config, odoo_database, made, tmp_path):
    broker, key, files = made
    script = LIMIT.replace("BROKER", str(broker)).replace("= 5", "= 600")
    shell(odoo_config, odoo_database, script)
    (script,) = re.findall(r"```python\n(.*?)```", DOCS.read_text(), re.DOTALL)
    (tmp_path / "m3456001.275").write_text(files[4], newline="")
    with served(odoo_config, odoo_database, tmp_path / "odoo.log") as address:
        done = subprocess.run(
            [sys.executable, "-c", script],
            env={
                "ADDRESS": address,
                "LOGIN": "agencia_whole",
                "KEY": key,
                "RFC": "ADN150203AB1",
                "FILE": str(tmp_path / "m3456001.275"),
            },
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout == "D-1 loaded ['262434566000104']\n['loaded']\n"


def hostile_bodies():
    """The corpus of the fuzzer as it is, with pieces missing, doubled or replaced, and
    a few that are large."""
    chance = random.Random(19)
    seeds = [path.read_bytes() for path in sorted(CORPUS.iterdir())]
    yield from seeds
    for _time in range(DAMAGED):
        body = chance.choice(seeds)
        at = chance.randrange(len(body))
        until = min(len(body), at + chance.randrange(80))
        piece = chance.choice(
            [b"", b"<", b"&#0;", b"]]>", b"\xff", body[at:until] * 40, b"<!DOCTYPE a>"]
        )
        yield body[:at] + piece + body[until:]
    head, tail = seeds[0].split(b"</b:content>")
    yield head + b"QQ==" * 100_000 + tail
    yield head + b"!" + tail
    yield head.replace(b"<b:content>", b"<b:content" + b" a='1'" * 50_000 + b">") + tail
    yield seeds[0].replace(b"Body>", b"Body>" + b"<a>" * 50_000, 1)


def test_hostile_bodies_under_workers(odoo_config, odoo_database, made, tmp_path):
    broker, key, files = made
    script = LIMIT.replace("BROKER", str(broker)).replace("= 5", "= 6000")
    shell(odoo_config, odoo_database, script)
    log = tmp_path / "odoo.log"
    with served(odoo_config, odoo_database, log, "--workers", "4") as address:
        session = requests.Session()
        session.auth = HTTPBasicAuth("agencia_whole", key)

        def post(body):
            return session.post(
                f"{address}/immex/broker/v1",
                data=body,
                headers={"Content-Type": "text/xml; charset=utf-8"},
                timeout=60,
            )

        bodies = list(hostile_bodies())
        for answers in (at_once([(post, b) for b in bodies[n::8]]) for n in range(8)):
            for answer in answers:
                assert answer.status_code in (200, 500)
                code = etree.fromstring(answer.content).findtext(".//faultcode")
                # whatever it is, the caller did it
                assert code is None or not code.startswith("soapenv:Server"), code
        answer = client(address, key).service.deliverPedimento(
            companyRfc="ADN150203AB1",
            kind="m3",
            fileName="m3456001.275",
            content=files[3].encode(),
        )
        assert answer.state in ("loaded", "known")
    assert "Broker service" not in log.read_text()
