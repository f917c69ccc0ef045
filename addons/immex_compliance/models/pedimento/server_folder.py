# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Files that the broker's transfer leaves in a folder of the server.

The folder is a system parameter, so only who administers the database sets it. A
name is a plain file name in that folder: no path, no link, no pipe.
"""

import os
import stat

from odoo.exceptions import UserError

PARAMETER = "immex_compliance.import_folder"
LISTED = 500


def folder(env) -> str:
    """Path of the folder, or an empty string where none is set."""
    return env["ir.config_parameter"].sudo().get_param(PARAMETER) or ""


def list_files(env) -> list[str]:
    """Names of the regular files of the folder, newest names last, at most 500."""
    path = folder(env)
    if not path:
        return []
    try:
        with os.scandir(path) as entries:
            names = [e.name for e in entries if e.is_file(follow_symlinks=False)]
    except OSError:
        return []
    return sorted(names)[-LISTED:]


def open_file(env, name: str):
    """Open one file of the folder for reading, in binary.

    Raises ``UserError`` where no folder is set, the name is not a plain name, or it
    is not a regular file of that very folder.
    """
    path = folder(env)
    if not path:
        raise UserError(
            env._(
                "No folder is set: an administrator enters it in the system "
                "parameter %(parameter)s.",
                parameter=PARAMETER,
            )
        )
    if name in ("", ".", "..") or "\0" in name or os.path.basename(name) != name:
        raise UserError(env._("%(name)s is not the name of a file.", name=repr(name)))
    handle = None
    try:
        directory = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            # a link is refused, and a pipe does not hang the worker
            flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
            handle = os.open(name, flags, dir_fd=directory)
        finally:
            os.close(directory)
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            os.close(handle)
            handle = None
    except OSError:
        handle = None
    if handle is None:
        raise UserError(
            env._("%(name)s is not a readable file of the folder.", name=name)
        )
    return os.fdopen(handle, "rb")
