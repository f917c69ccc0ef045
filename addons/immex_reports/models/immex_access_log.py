# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

MAX_TEXT = 500

# What came of a look is told once, after it; nothing else is ever changed.
GUARD = """
CREATE OR REPLACE FUNCTION immex_access_log_guard() RETURNS trigger AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.row_count IS NULL AND OLD.sha256 IS NULL
       AND (to_jsonb(NEW) - 'row_count' - 'sha256')
         = (to_jsonb(OLD) - 'row_count' - 'sha256') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'immex_access_log: the log of the looks of the authority is only '
                    'added to';
END $$ LANGUAGE plpgsql;
DROP TRIGGER IF EXISTS immex_access_log_kept ON immex_access_log;
CREATE TRIGGER immex_access_log_kept BEFORE UPDATE OR DELETE ON immex_access_log
    FOR EACH ROW EXECUTE FUNCTION immex_access_log_guard();
DROP TRIGGER IF EXISTS immex_access_log_whole ON immex_access_log;
CREATE TRIGGER immex_access_log_whole BEFORE TRUNCATE ON immex_access_log
    FOR EACH STATEMENT EXECUTE FUNCTION immex_access_log_guard();
"""


class ImmexAccessLog(models.Model):
    """What the authority looked at, when and from where.

    Written on a cursor of its own before the page is made: a look that failed was a
    look, and the pages themselves only read. Nobody changes or deletes it.
    """

    _name = "immex.access.log"
    _description = "Look of the authority"
    _order = "id desc"
    _rec_name = "path"

    user_id = fields.Many2one(
        "res.users", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="restrict"
    )
    path = fields.Char(required=True, readonly=True)
    parameters = fields.Char(readonly=True)
    address = fields.Char("IP Address", readonly=True)
    kind = fields.Selection(
        [("page", "Page"), ("file", "File")],
        required=True,
        readonly=True,
        default="page",
    )
    row_count = fields.Integer(
        "Rows",
        readonly=True,
        help="Of the report or the file; 0 where the look failed or shows none.",
    )
    sha256 = fields.Char(
        "SHA-256", readonly=True, size=64, help="Of the file as it was sent."
    )

    _looks = models.Index("(company_id, id)")

    def init(self):
        """The database keeps the log, whoever asks it and by whatever way."""
        self.env.cr.execute(GUARD)

    def write(self, vals):
        if vals:
            raise UserError(
                self.env._("The log of the authority's looks is not changed.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The log of the authority's looks is not deleted."))

    @api.model
    def _note(self, user, company, path, parameters="", address="", kind="page"):
        """Log a look in a transaction of its own; return its id."""
        with self.pool.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            look = env[self._name].create(
                {
                    "user_id": user.id,
                    "company_id": company.id,
                    "path": _written(path),
                    "parameters": _written(parameters),
                    "address": address,
                    "kind": kind,
                }
            )
            return look.id

    @api.model
    def _outcome(self, look_id, row_count, sha256=None):
        """What came of a look, once: its rows, and the digest of a file."""
        with self.pool.cursor() as cr:
            cr.execute(
                SQL(
                    """UPDATE immex_access_log SET row_count = %s, sha256 = %s
                        WHERE id = %s AND row_count IS NULL""",
                    row_count,
                    sha256,
                    look_id,
                )
            )


def _written(text):
    """As much as is kept; the database takes no NUL, and a look is logged all the
    same."""
    return text[:MAX_TEXT].replace("\0", "%00")
