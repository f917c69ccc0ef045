# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Names of files and folders on a server that we do not trust with them."""

import re

OURS = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
MAX_NAME = 128
MAX_FOLDER = 255
# What uploading programs call a file until it is whole.
UNFINISHED = (".part", ".partial", ".filepart", ".tmp", ".temp", ".crdownload")
M3 = re.compile(r"m\d{7}\.\d{3}", re.I)  # mppppnnn.ddd: patent, number, day


def check_own(name):
    """A name that we give: nothing but a plain name.

    :raise ValueError: it is none
    """
    if not OURS.fullmatch(name) or ".." in name:
        raise ValueError(name)
    return name


def is_plain(name):
    """Whether a name that a server lists is that of a file in that very folder."""
    return bool(
        name
        and len(name) <= MAX_NAME
        and "/" not in name
        and "\\" not in name
        and not name.startswith(".")
        and not CONTROL.search(name)
    )


def is_folder(path):
    """Whether a person may enter it as a folder: no way up, nothing odd."""
    return (
        len(path) <= MAX_FOLDER
        and not CONTROL.search(path)
        and "\\" not in path
        and ".." not in path.split("/")
    )


def join(folder, name):
    """Path of a file in a folder of the server; an empty folder is where it opens."""
    if not folder:
        return name
    return f"{folder.rstrip('/')}/{name}"


def kind_of(name):
    """Kind of delivery that a name tells: m3, xml, parts, or None."""
    if not is_plain(name) or name.lower().endswith(UNFINISHED):
        return None
    if M3.fullmatch(name):
        return "m3"
    return {".xml": "xml", ".csv": "parts"}.get(name[name.rfind(".") :].lower())
