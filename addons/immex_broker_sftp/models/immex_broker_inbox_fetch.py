# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging
import tempfile

from psycopg2 import OperationalError

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError

from odoo.addons.immex_compliance.models.pedimento.source_file import SourceFile
from odoo.addons.immex_compliance.services.broker import faults, operations

from ..services import names
from ..services.client import SftpProblem

_logger = logging.getLogger(__name__)

MEGABYTE = 1024 * 1024
SPOOL = MEGABYTE
LARGEST = 64 * MEGABYTE  # what gets through in the time of one session
WHOLE = 90  # seconds of a session: a scheduled action has two minutes
MOVABLE = ("taken", "refused")


class ImmexBrokerInbox(models.Model):
    """Reading: each file in a transaction of its own; then it is moved."""

    # a topic a file
    _inherit = "immex.broker.inbox"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _cron_read(self):
        """Scheduled action: read the folders that are due."""
        due = self.search([("next_try", "<=", fields.Datetime.now())])
        self.env["ir.cron"]._commit_progress(remaining=len(due))
        for left, inbox in zip(reversed(range(len(due))), due, strict=True):
            if not inbox._read_folder():
                break  # what remains makes it be called again
            if not self._commit(left):
                break

    def _commit(self, left):
        """Keep what was done; how many seconds there are for what is left."""
        return self.env["ir.cron"]._commit_progress(1, remaining=left)

    def _read_folder(self):
        """Take what has come, and tell what went wrong.

        :return: False where the time was over before the files were
        """
        self.ensure_one()
        # a scheduled action has no language; who set the folder up reads it
        inbox = self.with_context(lang=self.create_uid.lang)
        try:
            inbox._check_appointed()
            with inbox.broker_id._sftp_session(WHOLE) as session:
                whole = inbox._take_files(session)
        except UserError as error:
            inbox._postpone(str(error))
            return True
        now = fields.Datetime.now()
        inbox.write({"read_at": now, "attempts": 0, "next_try": now, "error": False})
        return whole

    def _check_appointed(self):
        broker = self.broker_id
        if not broker.active or self.company_id not in broker._appointing_companies():
            raise UserError(self.env._("The company has not appointed this broker."))

    def _take_files(self, session):
        """Take and move what stands in the folder.

        :return: whether there was time for all of it
        """
        listed = [one for one in session.list(self.folder) if names.kind_of(one.name)]
        pairs = list(zip(self._sightings(listed), listed, strict=True))
        # what could not be moved before waits; a part file belongs to a pedimento that
        # comes with it
        pairs.sort(
            key=lambda pair: (
                pair[0].state in MOVABLE,
                names.kind_of(pair[1].name) == "parts",
                pair[1].name,
            )
        )
        for left, (file, one) in zip(reversed(range(len(pairs))), pairs, strict=True):
            if file._is_ready():
                self._take(session, file, one)
            if file.state in MOVABLE:
                self._move(session, file)
            if not self._commit(left + 1) and left:
                return False
        return True

    def _sightings(self, listed):
        """The record of each listed file. One that was moved away and stands there
        again has come again."""
        files = self.env["immex.broker.inbox.file"]
        now = fields.Datetime.now()
        known = {
            (file.name, file.mark): file
            for file in files.search(
                [
                    ("inbox_id", "=", self.id),
                    ("name", "in", [one.name for one in listed]),
                ]
            )
        }
        keys = [(one.name, f"{one.size}:{one.modified}") for one in listed]
        new = [
            {
                "inbox_id": self.id,
                "name": one.name,
                "mark": mark,
                "size": one.size,
                "seen_at": now,
            }
            for one, (name, mark) in zip(listed, keys, strict=True)
            if (name, mark) not in known
        ]
        for file in files.create(new):
            known[file.name, file.mark] = file
        found = [known[key] for key in keys]
        files.union(*found).filtered("moved").write(
            {"state": "seen", "seen_at": now, "moved": False, "attempts": 0}
        )
        return found

    def _take(self, session, file, listed):
        """Fetch a file and deliver it; whatever comes of it stands in ``file``."""
        limit = min(self.broker_id._max_bytes(), LARGEST)
        values = {"taken_at": fields.Datetime.now(), "reason": False}
        with tempfile.SpooledTemporaryFile(SPOOL) as copy:
            try:
                size = session.fetch(self.folder, listed.name, copy, limit)
            except SftpProblem as problem:
                if problem.code != "too_large":
                    raise
                reason = self.broker_id._sftp_text(problem)
                file.write(values | {"state": "refused", "reason": reason})
                return
            if size != listed.size:
                # written meanwhile: the next listing tells another size
                return
            self._count(size)
            try:
                with self.env.cr.savepoint():
                    values |= self._deliver(listed.name, copy, limit)
            except OperationalError:
                raise  # of the transaction: it is run again as a whole
            except Exception:  # pylint: disable=broad-except
                _logger.exception("%s of %s", listed.name, self.folder)
                reason = self.env._("It failed here; the log of the server tells why.")
                values |= {"state": "failed", "reason": reason}
                values["attempts"] = file.attempts + 1
        file.write(values)

    def _count(self, size):
        broker = self.broker_id
        counted = self.env["immex.broker.usage"]._count(
            broker.sudo(), "bytes", size, broker.mb_per_day * MEGABYTE
        )
        if not counted:
            raise UserError(
                self.env._(
                    "More than %(limit)s MiB came from the broker today.",
                    limit=broker.mb_per_day,
                )
            )

    def _deliver(self, name, copy, limit):
        """Through the door of the broker service, with its checks."""
        env = self.env(user=SUPERUSER_ID, su=True)
        broker, company = self.broker_id.with_env(env), self.company_id.with_env(env)
        with SourceFile(copy, limit) as source:
            try:
                delivery, _repeated = operations.take_file(
                    broker, env.user, company, names.kind_of(name), name, None, source
                )
            except faults.SoapFault as fault:
                _logger.info("%s of %s: %s", name, self.folder, fault.text)
                reason = self.env._(
                    "It holds a pedimento of a patent that is not the broker's: "
                    "nothing was stored."
                )
                return {"state": "refused", "reason": reason}
        return {"state": "taken", "delivery_id": delivery.id}

    def _move(self, session, file):
        """Out of the way; where the server does not let us, it is remembered."""
        if file.state == "taken" and not file.moved:
            # what was taken is kept before the broker's folder tells so
            self.env.cr.commit()  # pylint: disable=invalid-commit
        stamp = fields.Datetime.now().strftime("%Y%m%d%H%M%S")
        try:
            session.make_folder(self._done())
            session.move(self.folder, file.name, self._done(), f"{stamp}-{file.name}")
        except SftpProblem as problem:
            if problem.code != "refused":
                raise
            file.reason = self.broker_id._sftp_text(problem)
        else:
            file.moved = True
