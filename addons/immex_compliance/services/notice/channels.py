# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Ways to a broker that this process goes itself: a folder of the server, and SOAP.

Both may be gone twice without the broker getting two notices: the file bears the
notice's id, and so does the call.
"""

import os
import time
from dataclasses import dataclass

import requests
import zeep
from lxml import etree
from urllib3.exceptions import HTTPError
from zeep.exceptions import Error as ZeepError

from .document import HERE

BINDING = "{urn:immex-compliance:notice-service:1}NoticeBinding"
SILENCE, WHOLE = 20, 60  # seconds: without a byte, and for the whole answer
MAX_ANSWER = 256 * 1024
BLOCK = 16 * 1024
# HTTPError: of urllib3, whose stream is read directly
TROUBLE = (ZeepError, requests.RequestException, HTTPError, etree.LxmlError, OSError)


class NotSent(Exception):
    """It did not get there, or nobody knows: try again later."""


class Refused(Exception):
    """The broker answered that it does not take the notice."""


@dataclass
class Answer:
    reference: str = ""
    message: str = ""


def drop(root, folder, name, content):
    """Write the notice into a folder below ``root``, whole or not at all.

    :raise NotSent: the folder is not there, or lies elsewhere
    """
    base = os.path.realpath(root) if root else ""
    path = os.path.realpath(os.path.join(base, folder or ""))
    if not base or os.path.commonpath([base, path]) != base or not os.path.isdir(path):
        raise NotSent(f"There is no folder {folder or ''!r} below the one that is set.")
    temporary = os.path.join(path, f".{name}.part")
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
        with os.fdopen(os.open(temporary, flags, 0o640), "wb") as target:
            target.write(content)
            target.flush()
            os.fsync(target.fileno())
        os.replace(temporary, os.path.join(path, name))
    except OSError as error:
        raise NotSent(str(error)) from error
    return Answer(message=os.path.join(folder or "", name))


class _Session(requests.Session):
    """No redirects, no answer that fills the memory, and nothing of this server's
    environment: neither its proxies nor the logins of its .netrc."""

    def __init__(self):
        super().__init__()
        self.trust_env = False

    def request(self, method, url, **options):
        options |= {"allow_redirects": False, "stream": True, "timeout": SILENCE}
        until = time.monotonic() + WHOLE
        response = super().request(method, url, **options)
        content = b""
        while piece := response.raw.read1(BLOCK, decode_content=True):
            content += piece
            if len(content) > MAX_ANSWER or time.monotonic() > until:
                response.close()
                raise requests.RequestException("the answer is too long")
        response._content = content
        return response


def call(address, login, key, values):
    """Call ``receiveNotice`` at the broker's address.

    :raise NotSent: no answer, or none that can be read
    :raise Refused: with the broker's message
    """
    session = _Session()
    if login:
        session.auth = (login, key or "")
    transport = zeep.Transport(session=session, timeout=SILENCE)
    try:
        client = zeep.Client(str(HERE / "notice-1.wsdl"), transport=transport)
        service = client.create_service(BINDING, address)
        answer = service.receiveNotice(notice=values)
    except zeep.exceptions.Fault as fault:
        if (fault.code or "").rpartition(":")[2].startswith("Client"):
            raise Refused(str(fault.message)[:500]) from fault
        raise NotSent(str(fault.message)[:500]) from fault
    except TROUBLE as error:
        # what is no answer is not shown: the address may be any machine within
        told = str(error).partition("Content:")[0].strip()
        raise NotSent(f"{type(error).__name__}: {told}"[:500]) from error
    if answer is None or answer.accepted is None:
        raise NotSent("The answer says neither yes nor no.")
    if not answer.accepted:
        raise Refused((answer.message or "")[:500])
    return Answer((answer.reference or "")[:100], (answer.message or "")[:500])
