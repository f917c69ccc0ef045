# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import os
import tempfile
from pathlib import Path

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from ..models.pedimento import server_folder


@tagged("post_install", "-at_install")
class TestImportFolder(TransactionCase):
    def setUp(self):
        super().setUp()
        root = tempfile.TemporaryDirectory()
        self.addCleanup(root.cleanup)
        self.root = Path(root.name)
        self.folder = self.root / "inbox"
        self.folder.mkdir()
        (self.root / "secret.txt").write_text("secret")
        (self.folder / "m3456001.245").write_text("500|1|\n")
        self.env["ir.config_parameter"].set_param(
            server_folder.PARAMETER, str(self.folder)
        )

    def test_file_of_the_folder(self):
        self.assertEqual(server_folder.list_files(self.env), ["m3456001.245"])
        with server_folder.open_file(self.env, "m3456001.245") as stream:
            self.assertEqual(stream.read(), b"500|1|\n")

    def test_nothing_outside_the_folder(self):
        (self.folder / "link.txt").symlink_to(self.root / "secret.txt")
        (self.folder / "up").symlink_to(self.root)
        (self.folder / "sub").mkdir()
        os.mkfifo(self.folder / "pipe")
        self.assertEqual(server_folder.list_files(self.env), ["m3456001.245"])
        for name in (
            "link.txt",
            "up/secret.txt",
            "../secret.txt",
            str(self.root / "secret.txt"),
            "sub",
            "pipe",
            "..",
            "",
            "absent.txt",
            "m3456001.245\0",
        ):
            with self.subTest(name=name), self.assertRaises(UserError):
                server_folder.open_file(self.env, name)

    def test_no_folder_set(self):
        self.env["ir.config_parameter"].set_param(server_folder.PARAMETER, False)
        self.assertEqual(server_folder.list_files(self.env), [])
        with self.assertRaises(UserError):
            server_folder.open_file(self.env, "m3456001.245")
