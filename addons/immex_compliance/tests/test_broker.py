# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import base64
import io

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..formats.pedimento_xml import PedimentoXmlReader, m3_to_xml
from ..models.pedimento.file_issues import FileRefused
from .broker_case import BrokerCase
from .common import m3_file, m3_partida
from .import_case import ImportCase

NUMBER = "262434566000001"
GROUP = "immex_compliance.group_broker"


@tagged("post_install", "-at_install")
class TestBroker(BrokerCase):
    def test_users_of_a_broker_have_its_group(self):
        self.assertTrue(self.broker_user.has_group(GROUP))
        self.assertFalse(self.broker_user.has_group("base.group_user"))
        self.broker.user_ids = [fields.Command.clear()]
        self.assertFalse(self.broker_user.has_group(GROUP))

    def test_users_are_portal_users_of_one_broker(self):
        clerk = new_test_user(self.env, "clerk_b", groups="base.group_user")
        with self.assertRaises(ValidationError):
            self.broker.user_ids = [fields.Command.link(clerk.id)]
        _user, other = self._broker("otra", "3111")
        with self.assertRaises(ValidationError):
            other.user_ids = [fields.Command.link(self.broker_user.id)]

    @mute_logger("odoo.sql_db")
    def test_a_patent_is_of_one_broker(self):
        for patent in ("3456", "12", "ABCD"):
            with self.assertRaises(IntegrityError), self.env.cr.savepoint():
                self.env["immex.broker"].create(
                    {
                        "name": "x",
                        "patent_ids": [fields.Command.create({"name": patent})],
                    }
                )

    def test_appointment_by_date(self):
        appointment = self.broker.appointment_ids
        self.assertEqual(self.broker._appointing_companies(), self.company)
        appointment.write({"date_from": "2026-01-01", "date_to": "2026-01-02"})
        self.assertFalse(self.broker._appointing_companies())
        appointment.write({"date_from": "2999-01-01", "date_to": False})
        self.assertFalse(self.broker._appointing_companies())

    def test_what_a_broker_may_read(self):
        self._deliver(m3_file(([m3_partida()], {})))
        mine = (
            self.env["immex.broker.delivery"]
            .with_user(self.broker_user)
            .with_context(allowed_company_ids=self.company.ids)
        )
        self.assertIn(self.company, self.broker_user.company_ids)
        self.assertEqual(mine.search([]).filename, "m3456001.275")
        for name in (
            "immex.pedimento",
            "immex.pedimento.file",
            "immex.broker",
            "immex.broker.appointment",
            "immex.layer",
            "ir.attachment",
        ):
            with self.subTest(model=name), self.assertRaises(AccessError):
                self.env[name].with_user(self.broker_user).search([]).mapped("id")
                self.env[name].with_user(self.broker_user).create({})
        for operation in ("write", "create", "unlink"):
            self.assertFalse(mine.has_access(operation))
        self.broker.appointment_ids.date_to = "2026-01-31"
        self.assertFalse(mine.search([]))

    def test_key_is_made_for_the_brokers_users_only(self):
        manager = self._manager("manager_b", self.company)
        keys = self.env["immex.broker.key"].with_user(manager)
        values = {"broker_id": self.broker.id, "name": "their system"}
        wizard = keys.create(values | {"user_id": self.broker_user.id})
        key = wizard.action_make()["context"]["default_key"]
        self.assertEqual(self._client(key).getState(deliveryId="A"), [])
        self.assertIn("their system", self.broker.message_ids[0].body)
        self.assertNotIn(key, self.broker.message_ids[0].body)
        with self.assertRaises(UserError):
            keys.create(values | {"user_id": manager.id}).action_make()
        with self.assertRaises(UserError):
            keys.create(
                values | {"user_id": self.broker_user.id, "date_to": "2020-01-01"}
            ).action_make()
        with self.assertRaises(AccessError):
            self.env["immex.broker.key"].with_user(self.broker_user).create(values)

    def _manager(self, login, companies):
        return new_test_user(
            self.env,
            login,
            groups="immex_compliance.group_manager",
            company_id=companies[0].id,
            company_ids=[fields.Command.set(companies.ids)],
        )

    def test_a_broker_is_kept_by_all_of_its_companies(self):
        other = self.env["res.company"].create({"name": "Other"})
        both = self._manager("manager_both", self.company | other)
        ours = self._manager("manager_ours", self.company)
        theirs = self._manager("manager_theirs", other)

        def as_user(user, record):
            companies = user.company_ids.ids
            return record.with_user(user).with_context(allowed_company_ids=companies)

        def attempts(user):
            broker = as_user(user, self.broker)
            wizard = {"broker_id": self.broker.id, "user_id": self.broker_user.id}
            keys = as_user(user, self.env["immex.broker.key"])
            appointment = {"broker_id": self.broker.id, "company_id": other.id}
            appointments = as_user(user, self.env["immex.broker.appointment"])
            return {
                "address": lambda: broker.write({"notice_email": "me@example.com"}),
                "patent": lambda: broker.patent_ids.write({"name": "3999"}),
                "new patent": lambda: broker.patent_ids.create(
                    {"broker_id": self.broker.id, "name": "3998"}
                ),
                "user": lambda: broker.write({"user_ids": [fields.Command.clear()]}),
                "key": lambda: keys.create(wizard | {"name": "x"}).action_make(),
                "end": lambda: broker.unlink(),
                "appoint": lambda: appointments.create(appointment),
            }

        def refused(user, names):
            for name in names:
                with (
                    self.subTest(user=user.login, attempt=name),
                    self.assertRaises(AccessError),
                    self.env.cr.savepoint(),
                ):
                    attempts(user)[name]()

        everything = attempts(both).keys()
        # theirs have no part in it, and do not even see it
        refused(theirs, everything)
        for name in ("immex.broker", "immex.broker.patent", "immex.broker.usage"):
            records = as_user(theirs, self.env[name])
            self.assertFalse(records.search([("id", "in", self._of(name).ids)]))
        own = as_user(theirs, self.broker).create({"name": "own"})
        patent = own.patent_ids.create({"broker_id": own.id, "name": "3997"})
        for record in (
            patent,
            own.appointment_ids.create({"broker_id": own.id, "company_id": other.id}),
        ):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                record.write({"broker_id": self.broker.id})
        # ours alone keep it while it is theirs alone; who shares it, belongs to both
        refused(ours, ["appoint"])
        attempts(ours)["address"]()
        attempts(both)["appoint"]()
        refused(ours, everything - {"appoint"})
        refused(theirs, everything - {"appoint"})
        self.assertEqual(as_user(theirs, self.broker).name, "agencia")
        for name in ("address", "new patent", "key"):
            attempts(both)[name]()
        # and each ends its own appointment by itself
        appointments = as_user(theirs, self.broker.appointment_ids)
        appointments = appointments.filtered_domain([("company_id", "=", other.id)])
        appointments.date_to = "2999-01-01"
        appointments.unlink()
        attempts(ours)["address"]()

    def _of(self, name):
        """Records of a model that belong to the broker."""
        if name == "immex.broker":
            return self.broker
        if name == "immex.broker.usage":
            self._client().getState(deliveryId="A")
        return self.env[name].search([("broker_id", "=", self.broker.id)])

    def test_download(self):
        content = m3_file(([m3_partida()], {}))
        self._deliver(content)
        pedimento = self.env["immex.pedimento"].search([("number15", "=", NUMBER)])
        address = pedimento.action_download_xml()["url"]
        values = {"password": "immex-broker-1", "company_id": self.company.id}
        new_test_user(
            self.env,
            "clerk_x",
            groups="immex_compliance.group_user",
            company_ids=self.company.ids,
            **values,
        )
        self.authenticate("clerk_x", "immex-broker-1")
        answer = self.url_open(address)
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        (document,) = PedimentoXmlReader(io.BytesIO(answer.content))
        self.assertEqual(
            [record.text for record in document.records],
            pedimento.record_ids.sorted("line").mapped("text"),
        )
        self.authenticate("agencia", "immex-broker-1")
        self.assertEqual(self.url_open(address).status_code, 404)


@tagged("post_install", "-at_install")
class TestPedimentoXml(ImportCase):
    def _as_xml(self, content):
        self._load(content)
        pedimento = self.env["immex.pedimento"].search(
            [("company_id", "=", self.company.id)]
        )
        return pedimento, pedimento._document()

    def test_loaded_by_the_wizard(self):
        xml = io.BytesIO()
        m3_to_xml(io.BytesIO(m3_file(([m3_partida()], {}))), xml)
        wizard = self.env["immex.file.import"].create(
            {
                "company_id": self.company.id,
                "kind": "xml",
                "filename": "p.xml",
                "data": base64.b64encode(xml.getvalue()),
            }
        )
        action = wizard.action_load()
        file = self.env["immex.pedimento.file"].browse(action["res_id"])
        self.assertEqual((file.kind, file.state), ("xml", "loaded"))
        self.assertEqual(file.trailer, "801|m3456001.275|1|12|PRV01|")
        bad = xml.getvalue().replace(b"<umc>6</umc>", b"<umc>77</umc>")
        with self.assertRaises(FileRefused) as caught:
            file._load_file("xml", self.company, io.BytesIO(bad), "bad.xml")
        (issue,) = caught.exception.issues
        line = bad[: bad.index(b"<partida>")].count(b"\n") + 1
        self.assertEqual((issue.line, issue.field_name), (line, "umc"))

    def test_document_of_the_records(self):
        pedimento, document = self._as_xml(m3_file(([m3_partida()], {})))
        self.assertEqual(
            [record.text for record in document.records],
            pedimento.record_ids.sorted("line").mapped("text"),
        )
        self.assertIsNone(self._pedimento("6000009")._document())
