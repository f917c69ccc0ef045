# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging

from psycopg2 import OperationalError

from odoo import SUPERUSER_ID, http
from odoo.exceptions import AccessDenied, ConcurrencyError
from odoo.http import request
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..services.broker import answers, envelope, faults, operations
from ..services.broker.wsdl import wsdl

_logger = logging.getLogger(__name__)

ADDRESS = "/immex/broker/v1"
FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")
XML = "text/xml; charset=utf-8"
BLOCK = 64 * 1024
MEGABYTE = 1024 * 1024
# of a refused call is read so that the caller gets to the answer
DRAIN, DRAIN_STRANGER = 64 * MEGABYTE, MEGABYTE
TRIES = 5  # of Odoo, for a transaction that fails to serialize


def _content_limit(_controller):
    """Forms are parsed before they come here and are none of ours; the rest is read as
    a stream, within the limits of whoever sends it."""
    return BLOCK if request.httprequest.mimetype in FORMS else None


class _Call:
    """What is left of a call when its transaction is run once more: its body can be
    read only once, and it is counted once."""

    def __init__(self, broker, user):
        self.broker_id, self.user_id = broker.id, user.id
        self.message = None
        self.tries = 0


class ImmexBroker(http.Controller):
    """The service that brokers' systems call; see docs/broker.md."""

    @http.route(
        ADDRESS,
        type="http",
        auth="none",
        methods=["GET", "POST"],
        csrf=False,
        save_session=False,
        readonly=False,
        max_content_length=_content_limit,
    )
    def broker(self, **_params):
        """Give the WSDL (GET), or answer a call (POST)."""
        if request.httprequest.method == "GET":
            # the host that was asked for; behind a proxy the one that it was asked for
            address = request.httprequest.url_root.rstrip("/") + ADDRESS
            return self._answer(wsdl(address), 200)
        env = request.env(user=SUPERUSER_ID, su=True)
        try:
            return self._answer(self._run(env), 200)
        except faults.SoapFault as fault:
            problem = fault
        except (OperationalError, ConcurrencyError) as error:
            again = isinstance(error, ConcurrencyError) or isinstance(
                error, PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
            )
            call = getattr(request, "immex_broker_call", None)
            if again and call and call.tries < TRIES:
                raise
            problem = self._failed(env, error)
        except Exception as error:  # pylint: disable=broad-except
            problem = self._failed(env, error)
        return self._refuse(problem)

    def _failed(self, env, error):
        """The fault of an error that is ours: the caller gets no inner detail."""
        _logger.error("Broker service: %s", error, exc_info=True)
        env.cr.rollback()
        return faults.SoapFault(faults.SERVER, "The call failed here; try it again.")

    def _answer(self, content, status, headers=()):
        response = request.make_response(
            content, [("Content-Type", XML), ("Cache-Control", "no-store"), *headers]
        )
        response.status_code = status
        return response

    def _refuse(self, problem):
        known = getattr(request, "immex_broker_call", None)
        self._drain(DRAIN if known else DRAIN_STRANGER)
        headers = []
        if problem.status == 401:
            headers = [("WWW-Authenticate", 'Basic realm="immex-broker"')]
        return self._answer(answers.fault(problem), problem.status, headers)

    # a call ------------------------------------------------------------------------
    def _run(self, env):
        call = getattr(request, "immex_broker_call", None)
        if call is None:
            broker, user = self._let_in(env)
            request.immex_broker_call = call = _Call(broker, user)
            call.message = self._read(broker)
        call.tries += 1
        user = env["res.users"].browse(call.user_id)
        context = {"lang": user.lang or "en_US", "tz": user.tz or "UTC"}
        env = env(context=context)
        broker = env["immex.broker"].browse(call.broker_id)
        deliveries = operations.run(broker, user.with_env(env), call.message)
        env.flush_all()
        return answers.response(call.message.operation, deliveries)

    def _let_in(self, env):
        """Who calls, by an API key.

        :raise SoapFault: nobody that we know
        """
        login, key = self._credentials()
        users = env["res.users"]
        try:
            with users._assert_can_auth(user=login):
                user, broker = env["immex.broker"]._authenticate(login, key)
                if not broker:
                    raise AccessDenied()
        except AccessDenied:
            raise faults.SoapFault(
                faults.AUTHENTICATION,
                "The API key opens nothing here: it is wrong, has expired, or its user "
                "is not one of a broker.",
            ) from None
        return broker, user

    def _credentials(self):
        headers = request.httprequest.headers
        given = request.httprequest.authorization
        if given is not None and given.type == "basic":
            return given.username or "", given.password or ""
        if given is not None and given.type == "bearer":
            return None, given.token or ""
        return None, headers.get("X-API-Key", "")

    def _read(self, broker):
        """Count the call, and read it as a stream.

        :raise SoapFault: too often, too much, or not for this service
        """
        usage = broker.env["immex.broker.usage"]
        if not usage._count(broker, "calls", 1, broker.calls_per_minute):
            raise faults.SoapFault(
                faults.RATE_LIMIT,
                f"More than {broker.calls_per_minute} calls in a minute; wait for it.",
            )
        self._check_headers()
        limit = broker._max_bytes()
        declared = request.httprequest.content_length
        if (declared or 0) > envelope.body_limit(limit):
            raise envelope.too_large(limit)
        if declared:
            self._count_bytes(usage, broker, declared)
        message, size = envelope.parse(self._stream(), limit)
        if not declared:
            self._count_bytes(usage, broker, size)
        return message

    def _check_headers(self):
        incoming = request.httprequest
        if incoming.mimetype == "application/soap+xml":
            raise faults.SoapFault(faults.VERSION, "This service speaks SOAP 1.1.")
        charset = incoming.mimetype_params.get("charset", "utf-8").strip("\"'").lower()
        if incoming.mimetype != "text/xml" or charset not in ("utf-8", "utf8"):
            raise faults.SoapFault("Client", "Send text/xml in UTF-8.")
        if incoming.headers.get("Content-Encoding", "identity") != "identity":
            raise faults.SoapFault("Client", "Send the body without compression.")

    def _count_bytes(self, usage, broker, size):
        if not usage._count(broker, "bytes", size, broker.mb_per_day * MEGABYTE):
            raise faults.SoapFault(
                faults.RATE_LIMIT,
                f"More than {broker.mb_per_day} MiB in a day; go on tomorrow (UTC).",
            )

    def _stream(self):
        # Odoo shows the body as a whole only; what it wraps has it as a stream
        return request.httprequest._HTTPRequest__wrapped.stream

    def _drain(self, limit):
        stream = self._stream()
        try:
            while limit > 0 and (block := stream.read(BLOCK)):
                limit -= len(block)
        except Exception:  # pylint: disable=broad-except
            _logger.debug("Broker service: the caller went away", exc_info=True)
