# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import re
from datetime import date
from decimal import Decimal
from importlib import import_module

import pytest
from immex_reports.definitions import DETAILS, PAGES, REPORTS, SUBJECTS

FILES = import_module("make_files").files()
NAME = re.compile(r"^[a-z][a-z0-9_]*$")
PARAMETER = re.compile(r"%\((\w+)\)s")
TABLES = [*REPORTS.values()] + [
    table for page in DETAILS.values() for table in (page.head, *page.tables)
]
# RGCE Anexo 24, apartado A, III and apartado B: the names are the law's
LEGAL = {
    "entradas": "Reporte de entrada de mercancías de importación temporal",
    "salidas": "Reporte de salida de mercancías de importación temporal",
    "saldos": "Reporte de saldos de mercancías de importación temporal",
    "materiales": "Reporte de materiales utilizados",
    "descargos": "Reporte de descargos de materiales",
    "ajustes": "Reporte de ajustes",
    "activo_fijo": "Módulo de activo fijo",
    "interfase_entradas": "Módulo de interfase de entradas (importaciones temporales)",
    "interfase_salidas": "Módulo de interfase de salidas (retornos, donaciones,"
    " destrucciones, cambios de régimen, etc.)",
    "datos_generales": "Catálogo de datos generales del contribuyente",
    "catalogo_materiales": "Catálogo de materiales",
    "catalogo_productos": "Catálogo de productos",
    "proveedores": "Catálogo de proveedores",
    "clientes": "Catálogo de clientes",
    "submaquila": "Catálogo de submanufactura o submaquila",
    "registro": "Registro de la actualización del inventario",
    "interfase_manufactura": "Módulo de interfase de movimientos de manufactura y"
    " ajustes",
    "desensamble": "Mercancías obtenidas en el proceso de desensamble",
    "catalogo_activo_fijo": "Catálogo de activo fijo",
    "agentes": "Catálogo de agentes y agencias aduanales y apoderados",
    # "If discharging by value, the reports are by value" (apartado B)
    "saldos_valor": "Reporte de saldos de mercancías de importación temporal,"
    " por valor",
    "descargos_valor": "Reporte de descargos de materiales, por valor",
}


def test_legal_names():
    official = {code: r.title for code, r in REPORTS.items() if r.official}
    assert official == LEGAL


def test_every_report_has_one_subject():
    codes = [code for subject in SUBJECTS for code in subject.codes]
    assert sorted(codes) == sorted(REPORTS)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.code)
def test_columns_are_sound(table):
    names = [column.name for column in table.columns]
    assert len(names) == len(set(names))
    assert all(NAME.match(name) for name in names)
    for column in table.columns:
        assert column.label and column.english
        assert column.decimals == 0 or column.numeric
        assert not column.total or column.type == "money"
        assert column.unit in ("", "USD", "MXN", *names)
        for name in filter(None, (column.name, column.record_column)):
            # the query gives it, as an alias or as the column of a table
            given = rf"(AS {name}\b|\.{name}\b)"
            assert re.search(given, table.query), name


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.code)
def test_query_is_of_one_company_and_knows_no_today(table):
    used = set(PARAMETER.findall(table.query))
    assert "company_id" in used
    assert used <= {
        "company_id",
        "date_from",
        "date_to",
        "known_run_id",
        "lang",
        "record_id",
    }
    words = table.query.lower()
    assert not re.search(r"\b(now|current_date|current_timestamp|localtime)\b", words)
    assert "%" not in PARAMETER.sub("", table.query)


@pytest.mark.parametrize("code", REPORTS)
def test_periods(code):
    report = REPORTS[code]
    used = set(PARAMETER.findall(report.query))
    assert "date_to" in used
    assert ("date_from" in used) == (report.period == "period")
    parameters = report.parameters(7, None, date(2026, 10, 31))
    assert used <= set(parameters)
    assert set(report.group_by) <= {column.name for column in report.columns}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_what_is_shipped_is_the_definition_s(path):
    assert path.read_bytes() == FILES[path], (
        "run tools/make_files.py; a changed column needs a new version of the namespace"
    )


def test_numbers_are_read_as_text():
    report = REPORTS["saldos"]
    numeric = {column.name for column in report.columns if column.numeric}
    assert numeric == set(re.findall(r"q\.(\w+)::text", report.select.split("FROM")[0]))
    row = ["1.10" if column.numeric else None for column in report.columns]
    values = report.values(row)
    assert {str(value) for value in values if value is not None} == {"1.10"}
    assert all(isinstance(value, Decimal) for value in values if value is not None)


def test_pages_exist_for_every_link():
    assert set(PAGES.values()) == set(DETAILS)
    for page in DETAILS.values():
        for table in (page.head, *page.tables):
            assert {column.record for column in table.records} <= set(PAGES)
