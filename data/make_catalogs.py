#!/usr/bin/env python3
# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Make the catalogues of the add-on from the public tables of SAT and the DOF.

    python data/make_catalogs.py SOURCE [--target DIRECTORY]

``SOURCE`` holds ``anexo22/ap*.csv`` (appendices of Anexo 22, annexes I and II of the
IMMEX Decree, annexes 28 and 29 of the RGCE) and
``catalogs/cce_20_fracciones_arancelarias.csv`` (SAT's tariff catalogue). What they are
and which columns they have: ``data/README.md``. What those tables leave open
(which Odoo unit, country or currency a key means, which items are petroleum products)
is decided in ``data/catalog/``. The output is sorted and depends on the input only, so
that an update shows as a difference.
Needs Babel (country codes) and an importable Odoo (which countries, currencies and
incoterms it has).
"""

import argparse
import csv
import re
from pathlib import Path
from xml.etree import ElementTree

from babel.core import get_global

import odoo.addons.account
import odoo.addons.base

TARGET = (
    Path(__file__).resolve().parent.parent
    / "addons"
    / "immex_compliance"
    / "data"
    / "catalog"
)
# Decisions of ours beside the official tables, each with its reason.
DECISIONS = Path(__file__).resolve().parent / "catalog"
# Decreto IMMEX, Annex I as reformed on 28-08-2025 is in force from the day after. When
# each item came in before is not in the compiled text.
ANNEX_1_FROM = "2025-08-29"
# Annex I, last paragraph: these chapters may be imported with Annex II, apartado A.
ANNEX_1_CONDITIONAL = ("17", "18", "21")
# Odoo's identifiers that do not follow the two-letter code.
COUNTRY_IDS = {"GB": "uk"}
SIMPLE = (
    ("immex.regime", "ap16_regimenes.csv", "regime"),
    ("immex.payment.form", "ap13_formas_pago.csv", "payment_form"),
    ("immex.rate.type", "ap18_tipos_tasa.csv", "rate_type"),
    ("immex.valuation.method", "ap11_metodos_valoracion.csv", "valuation_method"),
    ("immex.transport.mode", "ap03_medios_transporte.csv", "transport_mode"),
    ("immex.destination.zone", "ap15_destinos_mercancia.csv", "destination_zone"),
    ("immex.container.type", "ap10_contenedores.csv", "container_type"),
)


def read(path):
    with path.open(encoding="utf-8-sig", newline="") as stream:
        yield from csv.DictReader(stream)


def decisions(filename):
    """``{key: chosen value}`` of one of our tables."""
    return {row["clave"]: list(row.values())[1] for row in read(DECISIONS / filename)}


def slug(*parts):
    return re.sub(r"[^A-Za-z0-9]+", "_", "_".join(parts)).strip("_").lower()


def tidy(text):
    return " ".join((text or "").split())


def xml_ids(addon, filename):
    """Names of the records that a data file of Odoo defines."""
    path = Path(addon.__path__[0]) / "data" / filename
    return {node.get("id") for node in ElementTree.parse(path).iter("record")}


class Maker:
    def __init__(self, source, target):
        self.appendices = source / "anexo22"
        self.tariff = source / "catalogs" / "cce_20_fracciones_arancelarias.csv"
        self.target = target
        target.mkdir(parents=True, exist_ok=True)

    def write(self, model, header, rows):
        rows = sorted(rows)
        seen = set()
        for row in rows:
            if row[0] in seen:
                raise SystemExit(f"{model}: identifier {row[0]} occurs twice")
            seen.add(row[0])
        with (self.target / f"{model}.csv").open(
            "w", encoding="utf-8", newline=""
        ) as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(["id", *header])
            writer.writerows(rows)
        print(f"{model:28} {len(rows):6}")

    def simple(self):
        for model, filename, prefix in SIMPLE:
            rows = read(self.appendices / filename)
            values = [list(row.values()) for row in rows]
            self.write(
                model,
                ["code", "name"],
                [[slug(prefix, code), code, tidy(name)] for code, name, *_ in values],
            )

    def offices(self):
        rows, seen = [], {}
        for row in read(self.appendices / "ap01_aduana_seccion.csv"):
            office, section = row["aduana"], row["seccion"]
            key = slug("office", office, section or "x")
            # two entries of the official text may share a code
            seen[key] = seen.get(key, 0) + 1
            if seen[key] > 1:
                key = f"{key}_{seen[key]}"
            name = tidy(row["denominacion"])
            rows.append([key, office + section, name, office, section])
        self.write("immex.customs.office", ["code", "name", "office", "section"], rows)

    def keys(self):
        rows = read(self.appendices / "ap02_claves_pedimento.csv")
        self.write(
            "immex.pedimento.key",
            ["code", "name"],
            [
                [slug("key", r["clave"]), r["clave"], tidy(r["descripcion"])]
                for r in rows
            ],
        )

    def identifiers(self):
        rows = []
        for row in read(self.appendices / "ap08_identificadores.csv"):
            level = "G" if row["nivel"].strip().startswith("G") else "P"
            rows.append(
                [
                    slug("identifier", row["clave"], level),
                    row["clave"],
                    tidy(row["descripcion"]),
                    level,
                    tidy(row["complemento1"]),
                    tidy(row["complemento2"]),
                    tidy(row["complemento3"]),
                ]
            )
        header = ["code", "name", "level", "complement1", "complement2", "complement3"]
        self.write("immex.identifier", header, rows)

    def contributions(self):
        rows = read(self.appendices / "ap12_contribuciones.csv")
        self.write(
            "immex.contribution",
            ["code", "name", "abbreviation", "levels"],
            [
                [
                    slug("contribution", r["clave"]),
                    r["clave"],
                    tidy(r["contribucion"]),
                    r["abreviacion"],
                    r["nivel"],
                ]
                for r in rows
            ],
        )

    def units(self):
        uoms = decisions("unit_map.csv")
        rows = read(self.appendices / "ap07_unidades_medida.csv")
        self.write(
            "immex.unit",
            ["code", "name", "uom_id/id"],
            [
                [
                    slug("unit", r["clave"]),
                    r["clave"],
                    tidy(r["descripcion"]),
                    uoms[r["clave"]],
                ]
                for r in rows
            ],
        )

    def countries(self):
        aliases = get_global("territory_aliases")
        chosen = decisions("country_map.csv")
        known = xml_ids(odoo.addons.base, "res_country_data.xml")
        rows = {}
        for row in read(self.appendices / "ap04_paises.csv"):
            code = row["clave_saai_m3"].strip()
            if not code:
                continue
            # ISO 3166 alpha-3, but for the keys that are customs' own
            iso2 = chosen.get(code, (aliases.get(code) or [""])[0])
            identifier = COUNTRY_IDS.get(iso2, iso2.lower())
            rows.setdefault(
                code,
                [
                    slug("country", code),
                    code,
                    tidy(row["pais"]),
                    f"base.{identifier}" if identifier in known else "",
                ],
            )
        self.write("immex.country", ["code", "name", "country_id/id"], rows.values())

    def currencies(self):
        known = xml_ids(odoo.addons.base, "res_currency_data.xml")
        chosen = decisions("currency_map.csv")
        source = [
            *read(self.appendices / "ap05_monedas.csv"),
            *read(DECISIONS / "currency_extra.csv"),
        ]
        rows = {}
        for row in source:
            code = row["clave"].strip()
            rows.setdefault(
                code,
                [
                    slug("currency", code),
                    code,
                    tidy(row["moneda"]),
                    f"base.{iso}" if (iso := chosen.get(code, code)) in known else "",
                ],
            )
        self.write("immex.currency", ["code", "name", "currency_id/id"], rows.values())

    def incoterms(self):
        known = xml_ids(odoo.addons.account, "account_incoterms_data.xml")
        rows = read(self.appendices / "ap14_incoterms.csv")
        self.write(
            "immex.incoterm",
            ["code", "name", "incoterm_id/id"],
            [
                [
                    slug("incoterm", r["clave"]),
                    r["clave"],
                    tidy(r["descripcion"]),
                    f"account.incoterm_{r['clave']}"
                    if f"incoterm_{r['clave']}" in known
                    else "",
                ]
                for r in rows
            ],
        )

    def tariff_items(self):
        units = {r["clave"] for r in read(self.appendices / "ap07_unidades_medida.csv")}
        latest = {}
        for row in read(self.tariff):
            code = row["fraccion"]
            if len(code) != 10:
                continue
            latest[code, row["vigencia_desde"]] = row
        rows = []
        for (code, start), row in latest.items():
            unit = row["unidad"].lstrip("0")
            rows.append(
                [
                    slug("tariff", code, start.replace("-", "")),
                    code,
                    tidy(row["texto"]),
                    code[:8],
                    code[8:],
                    slug("unit", unit) if unit in units else "",
                    start,
                    row["vigencia_hasta"],
                ]
            )
        header = ["code", "name", "fraccion", "nico", "unit_id/id"]
        self.write("immex.tariff.item", [*header, "valid_from", "valid_to"], rows)

    def restrictions(self):
        rows = {}

        def add(kind, source, fraccion, nicos, section, text, start="", conditional=""):
            nicos = "" if nicos.strip() == "00" else tidy(nicos)
            key = slug("restriction", kind, fraccion, section)
            rows.setdefault(
                key,
                [
                    key,
                    fraccion,
                    nicos,
                    kind,
                    section,
                    tidy(text),
                    source,
                    start,
                    conditional,
                ],
            )

        for row in read(DECISIONS / "petroleum.csv"):
            add(
                "petroleum",
                "LA 108, last paragraph",
                row["fraccion_8"],
                row["nicos"],
                "",
                row["texto"],
            )
        for row in read(self.appendices / "immex_anexos_I_II_fracciones.csv"):
            item = [row["fraccion_8"], "", row["apartado"], row["descripcion"]]
            if row["anexo"] == "ANEXO I":
                conditional = item[0].startswith(ANNEX_1_CONDITIONAL)
                add(
                    "decree_annex_1",
                    "Decreto IMMEX, Anexo I",
                    *item,
                    ANNEX_1_FROM,
                    "1" if conditional else "",
                )
            else:
                add("decree_annex_2", "Decreto IMMEX, Anexo II", *item)
        for row in read(self.appendices / "rgce2026_anexo29_fracciones.csv"):
            # section II concerns the automotive bonded warehouse, not IMMEX
            if row["seccion"].strip() == "I":
                add(
                    "rgce_29",
                    "RGCE 4.3.4, Anexo 29",
                    row["fraccion_8"],
                    row["nicos"],
                    "I",
                    row["texto"],
                )
        for row in read(self.appendices / "rgce2026_anexo28_fracciones.csv"):
            add(
                "rgce_28",
                "RGCE Anexo 28",
                row["fraccion_8"],
                row["nicos"],
                row["seccion"],
                row["texto"],
            )
        header = ["fraccion", "nicos", "kind", "section", "name", "legal_source"]
        self.write(
            "immex.restriction", [*header, "valid_from", "conditional"], rows.values()
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", type=Path)
    parser.add_argument("--target", type=Path, default=TARGET)
    arguments = parser.parse_args()
    maker = Maker(arguments.source, arguments.target)
    for step in (
        maker.simple,
        maker.offices,
        maker.keys,
        maker.identifiers,
        maker.contributions,
        maker.units,
        maker.countries,
        maker.currencies,
        maker.incoterms,
        maker.tariff_items,
        maker.restrictions,
    ):
        step()


if __name__ == "__main__":
    main()
