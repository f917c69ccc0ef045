# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import io
import logging

from odoo import fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import formatLang

from odoo.addons.immex_compliance.models.wording import by_count

from . import server_folder

_logger = logging.getLogger(__name__)

MAIL_PARAMETER = "immex_reports.delivery_mail_mb"
MAIL_MB = 20  # of all files of one mail
MB = 1024 * 1024


class ImmexReportDeliveryLine(models.Model):
    """Making the report and delivering it; each step is committed by who calls."""

    _inherit = "immex.report.delivery.line"

    def _advance(self):
        """Take a period one step further; what goes wrong is told, not raised."""
        self.ensure_one()
        found = self.try_lock_for_update()
        if not found or found.state not in ("new", "waiting"):
            return
        work = "_make" if found.state == "new" else "_look"
        line = self._as_responsible()
        try:
            with self.env.cr.savepoint():
                line._check_responsible()
                getattr(line, work)()
        except (UserError, AccessError, ValidationError) as error:
            self.env.invalidate_all()
            line._fail(str(error))
        except Exception as error:  # one delivery must not stop the others
            _logger.exception("IMMEX report delivery line %s failed", self.id)
            self.env.invalidate_all()
            line._fail(f"{type(error).__name__}: {error}"[:500])
        self._log()

    def _log(self):
        """The line's words, for the log of the scheduled action."""
        lang = self.company_id.partner_id.lang
        line = self.sudo().with_context(lang=lang)
        self.env["immex.schedule.log"]._say(
            line.company_id,
            f"{line.delivery_id.display_name}, {line.display_name}: {line.message}",
            failed=line.state == "failed",
        )

    def _as_responsible(self):
        """With the rights and the language of who answers for the delivery."""
        user = self.delivery_id.user_id
        return self.with_user(user).with_context(
            lang=user.lang,
            tz=user.tz,
            allowed_company_ids=self.delivery_id.company_id.ids,
        )

    def _check_responsible(self):
        user = self.env.user
        fit = user.active and user.has_group("immex_compliance.group_manager")
        if not fit or self.sudo().company_id not in user.sudo().company_ids:
            raise UserError(
                self.env._(
                    "%(user)s no longer works with the customs books of this company. "
                    "Another customs manager opens the delivery and saves it.",
                    user=user.name,
                )
            )

    def _make(self):
        run = self.report_run_id
        if not run or run.state != "done":
            run = run.create(
                {
                    "company_id": self.company_id.id,
                    "code": self.code,
                    "date_from": self.date_from,
                    "date_to": self.date_to,
                }
            )
            ready = run._prepared(files=True)
            run.sudo().kept = True
            self.sudo().report_run_id = run
            if not ready:
                self.sudo().write(
                    {
                        "state": "waiting",
                        "message": self.env._("The report is made in the background."),
                    }
                )
                return
        run._make_files()
        self._deliver()

    def _look(self):
        """The report was being made in the background."""
        run = self.report_run_id
        if run.state == "waiting":
            return
        if run.state != "done":
            raise UserError(
                self.env._(
                    "The report could not be made: %(why)s",
                    why=run.sudo().job_id.error or "",
                )
            )
        run._make_files()
        self._deliver()

    def _kinds(self):
        delivery = self.delivery_id
        chosen = {
            "xlsx": delivery.as_xlsx,
            "xml": delivery.as_xml,
            "pdf": delivery.as_pdf,
        }
        wanted = [kind for kind, as_kind in chosen.items() if as_kind]
        made = self.report_run_id._kinds()
        if not set(wanted) & set(made):
            self.report_run_id._check_printed("pdf")
        return [kind for kind in wanted if kind in made]

    def _deliver(self):
        """Hand the files over. The mail is queued in this transaction, a file takes
        the place of its own: a crash delivers nothing twice."""
        files = self.env["ir.attachment"].sudo()
        for kind in self._kinds():
            files |= self.report_run_id.sudo()._file(kind)
        if self.delivery_id.way == "mail":
            told = self._send(files)
        else:
            told = self._put(files)
        if self.delivery_id.as_pdf and not self.report_run_id.sudo()._file("pdf"):
            told = self.env._("%(told)s Too long to print: without PDF.", told=told)
        count = self.report_run_id.row_count
        rows = formatLang(self.env, count, digits=0)
        self.sudo().write(
            {
                "state": "done",
                "delivered_at": fields.Datetime.now(),
                "message": by_count(
                    count,
                    self.env._("1 row. %(told)s", told=told),
                    self.env._("%(rows)s rows. %(told)s", rows=rows, told=told),
                ),
            }
        )

    def _send(self, files):
        value = self.env["ir.config_parameter"].sudo().get_param(MAIL_PARAMETER, "")
        limit = int(value) if value.isdigit() else MAIL_MB
        if sum(files.mapped("file_size")) > limit * MB:
            raise UserError(
                self.env._(
                    "The files are larger than %(limit)s MB, too large for a mail. "
                    "They are kept here; deliver this report to a folder.",
                    limit=limit,
                )
            )
        template = self.env.ref("immex_reports.mail_template_delivery").sudo()
        # who was archived or deleted since is no recipient any more
        chosen = self.delivery_id.sudo().partner_ids
        partners = chosen.filtered("email")
        if not partners:
            raise UserError(
                self.env._(
                    "No recipient with a mail address is left: choose others in the "
                    "delivery."
                )
            )
        for lang, theirs in partners.grouped("lang").items():
            template.with_context(lang=lang, immex_lang=lang).send_mail(
                self.id,
                email_values={
                    "recipient_ids": [(6, 0, theirs.ids)],
                    "attachment_ids": [(6, 0, files.ids)],
                },
            )
        told = self.env._(
            "Mail to %(people)s.", people=", ".join(partners.mapped("email"))
        )
        if without := chosen - partners:
            told = self.env._(
                "%(told)s Without a mail address: %(people)s.",
                told=told,
                people=", ".join(without.mapped("display_name")),
            )
        return told

    def _put(self, files):
        for file in files:
            with self._open(file) as source:
                server_folder.write_file(
                    self.env, self.delivery_id.subfolder, file.name, source
                )
        return self.env._(
            "Written to the folder: %(files)s.", files=", ".join(files.mapped("name"))
        )

    def _open(self, file):
        """The bytes as a stream: from the file store, where they are there."""
        if file.store_fname:
            return open(file._full_path(file.store_fname), "rb")
        return io.BytesIO(file.raw)

    def _fail(self, message):
        line = self.sudo()
        line.write({"state": "failed", "message": message})
        user = line.delivery_id.user_id
        if user.active:
            theirs = line.with_context(lang=user.lang)
            line.delivery_id.message_notify(
                partner_ids=user.partner_id.ids,
                subject=theirs.env._("A report was not delivered"),
                body=theirs.env._(
                    "%(report)s, %(period)s: %(why)s",
                    report=line.delivery_id.with_context(lang=user.lang).display_name,
                    period=theirs.display_name,
                    why=message,
                ),
            )
