# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The folder of the server into which reports are delivered.

Its root is a system parameter, so only who administers the database sets it. A
delivery names plain folders under it; each is opened from the one before, so that no
link and no ``..`` leads out of the root.
"""

import os
import re
import shutil
from contextlib import suppress

from odoo.exceptions import UserError

PARAMETER = "immex_reports.delivery_folder"
NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")
BLOCK = 1024 * 1024
OPEN = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


def parts(subfolder):
    """Names of a path below the root; None where it is not made of plain names."""
    names = (subfolder or "").split("/") if subfolder else []
    return names if all(NAME.fullmatch(name) for name in names) else None


def root(env):
    """Path of the root, or an empty string where none is set."""
    return env["ir.config_parameter"].sudo().get_param(PARAMETER) or ""


def write_file(env, subfolder, name, source):
    """Copy the binary stream ``source`` to a file of a folder under the root.

    The file appears whole or not at all, and takes the place of one of its name.
    Raises ``UserError`` where no root is set, or the folder cannot be written.
    """
    path = root(env)
    if not path:
        raise UserError(
            env._(
                "No folder is set: an administrator enters it in the system "
                "parameter %(parameter)s.",
                parameter=PARAMETER,
            )
        )
    names = parts(subfolder)
    if names is None or not NAME.fullmatch(name):
        raise UserError(env._("%(name)s is no plain name.", name=repr(subfolder)))
    handle = None
    try:
        # the root itself may be a link: who set it answers for it
        handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        for part in names:
            with suppress(FileExistsError):
                os.mkdir(part, 0o750, dir_fd=handle)
            below = os.open(part, OPEN, dir_fd=handle)
            os.close(handle)
            handle = below
        _replace(handle, name, source)
    except OSError as error:
        raise UserError(
            env._(
                "The folder of the server cannot be written: %(why)s.",
                why=error.strerror or type(error).__name__,
            )
        ) from error
    finally:
        if handle is not None:
            os.close(handle)


def _replace(directory, name, source):
    partial = f".{name}.partial"
    with suppress(FileNotFoundError):
        os.unlink(partial, dir_fd=directory)  # of a worker that died
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    handle = os.open(partial, flags, 0o640, dir_fd=directory)
    try:
        with os.fdopen(handle, "wb") as target:
            shutil.copyfileobj(source, target, BLOCK)
            target.flush()
            os.fsync(target.fileno())
        os.replace(partial, name, src_dir_fd=directory, dst_dir_fd=directory)
    except BaseException:
        with suppress(OSError):
            os.unlink(partial, dir_fd=directory)
        raise
