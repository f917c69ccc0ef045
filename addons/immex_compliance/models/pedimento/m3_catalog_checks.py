# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Whether the keys of a broker file are in the catalogues and the file is ours."""

import re

from ...formats.issues import IssueLog
from ...formats.m3.checks import MAX_ISSUES
from .file_issues import ERROR, WARNING, make_issue

# Movements that speak of a pedimento sent before, not of a new one (record 500).
OTHER_MOVEMENTS = {"2", "3", "8"}
RECORD_TYPE = re.compile(r"[0-9]{3}\Z")


def plain_rfc(text) -> str:
    """An RFC without spaces, hyphens or the country prefix of Odoo's tax numbers."""
    rfc = re.sub(r"[^A-ZÑ&0-9]", "", (text or "").upper())
    return rfc[2:] if len(rfc) > 13 and rfc.startswith("MX") else rfc


class CatalogChecks:
    """Checks of one file of one company; asks dictionaries only.

    Keys that decide what a document is or how goods are counted must be known: an
    unknown one is an error. Keys that only describe (identifiers, contributions,
    forms of payment, terms) are warnings, since files of past years bear retired
    ones.
    """

    def __init__(self, env, catalogs, company):
        self.env = env
        self.catalogs = catalogs
        self.rfc = plain_rfc(company.vat)
        self.issues = IssueLog(MAX_ISSUES, MAX_ISSUES)

    def check(self, document):
        """Return the issues of ``document``, of errors and warnings the first ones."""
        self.issues = IssueLog(MAX_ISSUES, MAX_ISSUES)
        paid = document.fecha_pago or document.fecha_entrada
        if not paid:
            self._add(
                document.opening,
                "dates_missing",
                self.env._("The pedimento has neither payment nor entry date (506)."),
            )
        if document.tipo_movimiento in OTHER_MOVEMENTS:
            self._add(
                document.opening,
                "movement",
                self.env._(
                    "Movement %(movement)s speaks of a pedimento sent before "
                    "(elimination, withdrawal or confirmation of payment); only new "
                    "pedimentos are loaded.",
                    movement=document.tipo_movimiento,
                ),
                (2, "tipo_movimiento"),
            )
        for record in document.records:
            if not RECORD_TYPE.match(record.type):
                text = self.env._(
                    "%(type)r is no record type: three digits.", type=record.type[:20]
                )
                self._add(record, "record_type", text, (1, "tipo"))
        self._check_number(document.opening)
        if document.header is not None:
            self._check_header(document.header, paid)
        for record in document.of("505"):
            self._known(record, "pais", 9, "countries", paid)
            self._known(record, "moneda", 6, "currencies", paid)
            self._known(record, "termino", 5, "incoterms", paid, WARNING)
        for record in document.identifiers:
            self._identifier(record, 3, "G", paid)
        for record in (*document.of("509"), *document.of("510")):
            self._contribution(record, 3, paid)
        for partida in document.partidas:
            self._check_partida(partida, paid)
        return self.issues

    def _check_number(self, opening):
        """The number of a pedimento has parts of fixed length (Anexo 22, field 1)."""
        for number, name, size in (
            (3, "patente", 4),
            (4, "pedimento", 7),
            (5, "aduana_seccion", 3),
        ):
            if opening[name] and len(opening[name]) != size:
                self._add(
                    opening,
                    f"length_{name}",
                    self.env._(
                        "%(value)s has not %(size)s digits.",
                        value=opening[name],
                        size=size,
                    ),
                    (number, name),
                )

    def _check_header(self, header, paid):
        if not self.rfc:
            self._add(
                header,
                "company_rfc",
                self.env._("The company has no RFC to compare with."),
                (9, "rfc"),
            )
        elif plain_rfc(header["rfc"]) != self.rfc:
            self._add(
                header,
                "other_rfc",
                self.env._(
                    "The pedimento is of %(found)s, the company is %(expected)s.",
                    found=header["rfc"],
                    expected=self.rfc,
                ),
                (9, "rfc"),
            )
        if header["tipo_operacion"] not in ("1", "2"):
            self._add(
                header,
                "operation_type",
                self.env._(
                    "Operation type %(value)s is neither import (1) nor export (2).",
                    value=header["tipo_operacion"],
                ),
                (5, "tipo_operacion"),
            )
        self._known(header, "clave", 6, "keys", paid)
        self._known(header, "pais", 29, "countries", paid, WARNING)
        for name, number in (("aduana_seccion", 4), ("aduana_seccion_es", 7)):
            code = header[name]
            if code and not self.catalogs.office_known(code):
                self._unknown(header, name, number, code)

    def _check_partida(self, partida, paid):
        record = partida.record
        for name, number in (("umc", 12), ("umt", 14)):
            self._known(record, name, number, "units", paid)
        for name, number in (("pais_origen", 21), ("pais_vendedor", 22)):
            self._known(record, name, number, "countries", paid)
        self._tariff_item(record, paid)
        for line in partida.identifiers:
            self._identifier(line, 5, "P", paid)
        for line in (*partida.of("556"), *partida.of("557")):
            self._contribution(line, 5, paid)

    def _tariff_item(self, record, paid):
        fraccion, nico = record["fraccion"], (record["nico"] or "").zfill(2)
        if not fraccion:
            return
        if fraccion not in self.catalogs.fracciones:
            self._unknown(record, "fraccion", 3, fraccion)
        elif f"{fraccion}{nico}" not in self.catalogs.tariff_items:
            self._unknown(record, "nico", 5, nico, WARNING)
        elif not self.catalogs.tariff_items.in_force(f"{fraccion}{nico}", paid):
            self._stale(record, "fraccion", 3, fraccion)

    def _identifier(self, record, number, level, paid):
        code = record["clave"]
        if code and code not in self.catalogs.identifiers[level]:
            self._unknown(record, "clave", number, code, WARNING)

    def _contribution(self, record, number, paid):
        """509 and 556: key, rate, type of rate; 510 and 557: key, form, amount."""
        self._known(record, "contribucion", number, "contributions", paid, WARNING)
        if record.type in ("509", "556"):
            self._known(record, "tipo_tasa", number + 2, "rate_types", paid, WARNING)
        else:
            forms = "payment_forms"
            self._known(record, "forma_pago", number + 1, forms, paid, WARNING)

    def _known(self, record, name, number, catalog, paid, severity=ERROR):
        code = record[name]
        if not code:
            return
        entries = getattr(self.catalogs, catalog)
        if code not in entries:
            self._unknown(record, name, number, code, severity)
        elif not entries.in_force(code, paid):
            self._stale(record, name, number, code)

    def _unknown(self, record, name, number, code, severity=ERROR):
        text = self.env._("%(code)s is not in the catalogue.", code=code)
        self._add(record, f"unknown_{name}", text, (number, name), severity)

    def _stale(self, record, name, number, code):
        text = self.env._(
            "%(code)s was not in force on the date of the pedimento.", code=code
        )
        self._add(record, f"stale_{name}", text, (number, name), WARNING)

    def _add(self, record, code, text, place=(0, ""), severity=ERROR):
        self.issues.append(
            make_issue(
                severity,
                code,
                text,
                line=record.line,
                record_type=record.type[:3],
                field_number=place[0],
                field_name=place[1],
            )
        )
