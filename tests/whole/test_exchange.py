# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is sent to VUCEM, by connections and processes at once, and by ones that die.

What arrives is counted where it arrives: at the test peer.
"""

import json
import subprocess
import time
from contextlib import contextmanager

import pytest
from cryptography.fernet import Fernet
from support.cove_peer import CovePeer
from support.server import COMMAND, shell

RFC, KEY = "CON150203AB9", "c" * 64
DOCUMENTS = 4
PAPER = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
ONCE = ("RecibirCoveService", "RegistroDigitalizarDocumento")  # never twice

SETUP = """
import base64, json
from odoo.addons.immex_compliance.tests import efirma_make as make
usd = env.ref("base.USD")
usd.active = True
company = env["res.company"].create({"name": "Concurrente SA", "vat": "RFC",
    "country_id": env.ref("base.mx").id, "currency_id": usd.id,
    "street": "AV. TECNOLOGICO 100", "email": "customs@example.com"})
env["immex.efirma"].create({"company_id": company.id,
    "certificate": base64.b64encode(make.certificate("RFC")),
    "private_key": base64.b64encode(make.key_file()), "passphrase": make.PASSPHRASE})
env["immex.vucem.access"].create({"company_id": company.id, "rfc": "RFC",
    "address": "PEER", "service_key": "KEY", "answer_seconds": 90})
buyer = env["res.partner"].create({"name": "ACME", "vat": "06-0858386",
    "is_company": True, "street": "1 MAIN ST", "country_id": env.ref("base.us").id})
coves = env["immex.cove"].create([{"company_id": company.id, "number": f"F-{n}",
    "operation_type": "TOCE.EXP", "issuer_id": company.partner_id.id,
    "recipient_id": buyer.id, "email": "customs@example.com", "currency_id": usd.id,
    "line_ids": [(0, 0, {"description": "ARNES", "unit_code": "C62_1", "quantity": 5,
        "total": 10})]} for n in range(DOCUMENTS)])
papers = env["immex.edocument"].create([{"company_id": company.id, "name": f"P-{n}",
    "email": "customs@example.com", "pdf": base64.b64encode(PAPER)}
    for n in range(DOCUMENTS)])
env.cr.commit()
print("MADE" + json.dumps([coves.ids, papers.ids]))
"""
# HANDS connections press the same button at once, as many users, or one who is fast
PRESS = """
import json, threading
from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
registry, start, told = Registry(env.cr.dbname), threading.Barrier(HANDS), []

def press(model, number):
    with registry.cursor() as cr:
        record = api.Environment(cr, SUPERUSER_ID, {})[model].browse(number)
        was = record.state  # as the screen shows it: the snapshot is from here
        start.wait()
        try:
            record.action_send()
            cr.commit()
            told.append([was, "sent"])
        except (UserError, *PG_CONCURRENCY_EXCEPTIONS_TO_RETRY) as error:
            cr.rollback()
            told.append([was, type(error).__name__])

for model, number in PRESSED:
    hands = [threading.Thread(target=press, args=(model, number)) for _ in range(HANDS)]
    for hand in hands: hand.start()
    for hand in hands: hand.join()
queued = env["immex.exchange"].search([("state", "=", "waiting")])
print("TOLD" + json.dumps([told, [[e.res_model, e.res_id] for e in queued]]))
for model, number in MORE:
    env[model].browse(number).action_send()
env.cr.commit()
"""
SIGN = """
for model, number in PRESSED:
    env[model].browse(number).action_send()
env.cr.commit()
"""
SEND = """
import os
exchanges = env["immex.exchange"]
DYING
exchanges._cron_send()
env.cr.commit()
"""
# the worker ends when the answer is kept, and nothing was made of it yet
DIES = "type(exchanges)._finish = lambda *_: os._exit(9)"
ASK = """
import json
records = [env[model].browse(number) for model, number in PRESSED]
print("TOLD" + json.dumps([[r.state, r.operation_number, r.answer or "",
    len(r.activity_ids), r.exchange_id.state, r.exchange_id.tries] for r in records]))
"""
THEN = ASK.replace("TOLD", "THEN")


def told(printed, mark="TOLD"):
    (line,) = [row for row in printed.splitlines() if row.startswith(mark)]
    return json.loads(line.removeprefix(mark))


class Works:
    """Odoo's processes on one database, beside the peer that they send to."""

    def __init__(self, config, database, peer):
        self.config, self.database, self.peer = config, database, peer

    def run(self, script, **words):
        return shell(self.config, self.database, filled(script, **words))

    @contextmanager
    def started(self, script, **words):
        """A process that runs a script; killed at the end, if it still runs."""
        command = [*COMMAND, "shell", "-c", self.config, "-d", self.database]
        process = subprocess.Popen(
            [*command, "--no-http", "--log-level", "error"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        process.stdin.write(filled(script, **words))
        process.stdin.close()
        try:
            yield process
        finally:
            process.kill()
            process.wait()
            process.stderr.close()

    def arrived(self):
        """How many documents the peer was sent."""
        return sum(
            1
            for path, action, _data in self.peer.requests
            if path.endswith(ONCE) or action.endswith(ONCE)
        )

    def until_arrived(self, number):
        until = time.monotonic() + 300
        while self.arrived() < number:
            assert time.monotonic() < until, f"{self.arrived()} of {number} arrived"
            time.sleep(0.1)


def filled(script, **words):
    for word, value in words.items():
        script = script.replace(word, str(value))
    return script


@pytest.fixture(scope="module")
def works(odoo_config, odoo_database):
    with pytest.MonkeyPatch.context() as patch, CovePeer({RFC: KEY}) as peer:
        patch.setenv("IMMEX_EFIRMA_KEY", Fernet.generate_key().decode())
        works = Works(odoo_config, odoo_database, peer)
        words = {"RFC": RFC, "PEER": peer.address, "KEY": KEY, "PAPER": PAPER}
        printed = works.run(SETUP, DOCUMENTS=DOCUMENTS, **words)
        coves, papers = told(printed, "MADE")
        works.documents = [
            [["immex.cove", cove], ["immex.edocument", paper]]
            for cove, paper in zip(coves, papers, strict=True)
        ]
        yield works


@pytest.fixture
def pair(works):
    """A COVE and a document that no other test sends."""
    works.peer.requests.clear()
    works.peer.misbehave = []
    return works.documents.pop()


def test_many_hands_send_one_document_once(works, pair):
    """Of eight connections that press the button at once one signs; of four processes
    that empty the queue at once one sends."""
    others = works.documents.pop()
    hands, queued = told(works.run(PRESS, HANDS=8, PRESSED=pair, MORE=others))
    assert [was for was, _end in hands] == ["draft"] * 16
    assert [end for _was, end in hands].count("sent") == 2
    assert sorted(queued) == sorted(pair)
    works.peer.silence, works.peer.misbehave = 1, ["silence"] * 4
    with (
        works.started(SEND, DYING="") as one,
        works.started(SEND, DYING="") as two,
        works.started(SEND, DYING="") as three,
        works.started(SEND, DYING="") as four,
    ):
        for process in (one, two, three, four):
            assert process.wait(300) == 0, process.stderr.read()[-2000:]
    assert works.arrived() == len(works.peer.received) == 4
    ends = told(works.run(ASK, PRESSED=pair + others))
    assert [(end[0], end[4], end[5]) for end in ends] == [("sent", "done", 1)] * 4
    assert len({end[1] for end in ends}) == 4


def test_a_worker_is_killed_while_it_sends(works, pair):
    """It is not taken for dead while it lives, and nothing is sent again when it is."""
    document = pair[:1]
    works.peer.silence, works.peer.misbehave = 60, ["silence"]
    with works.started(SIGN + SEND, DYING="", PRESSED=document) as process:
        works.until_arrived(1)
        # another worker, meanwhile
        [end] = told(works.run(SEND + ASK, DYING="", PRESSED=document))
        assert (end[0], end[4]) == ("signed", "sending")
        process.kill()
        process.wait()
    [end] = told(works.run(SEND + SEND + ASK, DYING="", PRESSED=document))
    assert (end[0], end[4]) == ("unclear", "unclear")
    assert "interrupted" in end[2]
    assert end[3] == 1  # somebody is asked to look
    assert works.arrived() == 1


def test_an_answer_outlives_its_worker(works, pair):
    """It ends before anything is made of the answer: the next one does that."""
    with works.started(SIGN + SEND, DYING=DIES, PRESSED=pair) as process:
        assert process.wait(300) == 9
    assert works.arrived() == 1
    printed = works.run(ASK + SEND + THEN, DYING="", PRESSED=pair)
    assert sorted((end[0], end[4]) for end in told(printed)) == [
        ("signed", "sending"),
        ("signed", "waiting"),
    ]
    ends = told(printed, "THEN")
    assert [(end[0], end[4]) for end in ends] == [("sent", "done")] * 2
    assert all(end[1] for end in ends)
    assert works.arrived() == 2
