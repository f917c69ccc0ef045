# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""A file from outside: copied once, hashed, kept byte for byte in bounded memory."""

import filecmp
import hashlib
import os
import shutil
import tempfile
from contextlib import suppress

from odoo.tools import SQL

from ...formats.text import Limits

BLOCK = 1024 * 1024
SPOOL = 8 * BLOCK
SIZE_PARAMETER = "immex_compliance.max_file_mb"
DEFAULT_MAX_MB = 512
INLINE_PARAMETER = "immex_compliance.inline_file_mb"
DEFAULT_INLINE_MB = 4
RECORDS_PARAMETER = "immex_compliance.max_pedimento_records"


def max_bytes(env) -> int:
    """Largest file that is read, in bytes (system parameter, in MiB; 512)."""
    value = env["ir.config_parameter"].sudo().get_param(SIZE_PARAMETER)
    megabytes = int(value) if value and value.isdigit() else DEFAULT_MAX_MB
    return megabytes * BLOCK


def max_records(env) -> int:
    """Most records of one pedimento (system parameter; as :class:`Limits` has it)."""
    value = env["ir.config_parameter"].sudo().get_param(RECORDS_PARAMETER)
    return int(value) if value and value.isdigit() else Limits.max_records


def inline_bytes(env) -> int:
    """Largest file that is loaded at once, in bytes (system parameter, in MiB; 4).

    Larger ones are loaded in the background: a request ends after two minutes.
    """
    value = env["ir.config_parameter"].sudo().get_param(INLINE_PARAMETER)
    megabytes = int(value) if value and value.isdigit() else DEFAULT_INLINE_MB
    return megabytes * BLOCK


class SourceTooLarge(Exception):
    """The stream goes on beyond the limit."""


class SourceFile:
    """A private copy of a stream, on disk when it is large.

    The copy is what is hashed, parsed and kept, so a file that changes meanwhile
    cannot make the three differ.
    """

    def __init__(self, stream, limit: int):
        self.file = tempfile.SpooledTemporaryFile(SPOOL)
        self.size = 0
        sha256, sha1 = hashlib.sha256(), hashlib.sha1(usedforsecurity=False)
        while block := stream.read(BLOCK):
            self.size += len(block)
            if self.size > limit:
                self.file.close()
                raise SourceTooLarge
            sha256.update(block)
            sha1.update(block)
            self.file.write(block)
        self.sha256, self.sha1 = sha256.hexdigest(), sha1.hexdigest()
        self.file.seek(0)

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        self.file.close()

    def attach(self, record, name: str, mimetype: str):
        """Keep the bytes as an attachment of ``record`` and return it.

        Odoo writes attachments from memory; here the file store gets the stream under
        the name that Odoo would give it.
        """
        env = record.env
        attachments = env["ir.attachment"].sudo()
        self.file.seek(0)
        values = {
            "name": name,
            "res_model": record._name,
            "res_id": record.id,
            "mimetype": mimetype,
        }
        if attachments._storage() == "db" or not self.size:
            return attachments.create(values | {"raw": self.file.read()})
        attachment = attachments.create(values | {"raw": b""})
        store_fname = self._store(attachments)
        attachment.flush_recordset()
        env.execute_query(
            SQL(
                "UPDATE ir_attachment SET store_fname = %s, checksum = %s,"
                " file_size = %s WHERE id = %s RETURNING id",
                store_fname,
                self.sha1,
                self.size,
                attachment.id,
            )
        )
        attachment.invalidate_recordset()
        return attachment

    def _store(self, attachments) -> str:
        """Write the bytes into the file store; return the name within it."""
        store_fname = f"{self.sha1[:2]}/{self.sha1}"
        path = attachments._full_path(store_fname)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=os.path.dirname(path))
        try:
            with os.fdopen(handle, "wb") as target:
                shutil.copyfileobj(self.file, target, BLOCK)
            if os.path.exists(path) and not filecmp.cmp(path, temporary, shallow=False):
                raise OSError(f"{store_fname} is taken by another content")
            os.replace(temporary, path)
        finally:
            with suppress(FileNotFoundError):
                os.unlink(temporary)
        # if the transaction aborts, the collector takes it
        attachments._mark_for_gc(store_fname)
        self.file.seek(0)
        return store_fname
