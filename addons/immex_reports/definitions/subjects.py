# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The reports by subject: how one chooses among them, wherever that is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Subject:
    """Reports that one looks for together.

    :param title: heading in Spanish, in the words of the law
    :param english: heading in English
    :param codes: keys of the reports, in the order of the law
    """

    title: str
    english: str
    codes: tuple

    def name(self, lang):
        """Heading in the language of a user, by its code."""
        return self.title if (lang or "").startswith("es") else self.english


SUBJECTS = (
    Subject(
        "Anexo 24: entradas, salidas, saldos y descargos",
        "Anexo 24: entries, exits, balances and discharges",
        (
            "entradas",
            "salidas",
            "saldos",
            "materiales",
            "descargos",
            "ajustes",
            "saldos_valor",
            "descargos_valor",
        ),
    ),
    Subject(
        "Anexo 24: módulos e interfases",
        "Anexo 24: modules and interfaces",
        (
            "activo_fijo",
            "interfase_entradas",
            "interfase_salidas",
            "interfase_manufactura",
            "desensamble",
        ),
    ),
    Subject(
        "Anexo 24: catálogos",
        "Anexo 24: catalogues",
        (
            "datos_generales",
            "catalogo_materiales",
            "catalogo_productos",
            "proveedores",
            "clientes",
            "submaquila",
            "agentes",
            "catalogo_activo_fijo",
        ),
    ),
    Subject(
        "Anexo 24, apartado C: actualización en 48 horas",
        "Anexo 24, part C: update within 48 hours",
        ("registro",),
    ),
    Subject(
        "Anexo 30: SCCCyG y comparativos con el Anexo 24",
        "Anexo 30: SCCCyG, and its comparison with Anexo 24",
        ("anexo30", "anexo30_cargos", "anexo30_resumen", "anexo30_detalle"),
    ),
    Subject(
        "Vencimientos",
        "Expiry",
        ("vencimientos_mes", "vencimientos_dia", "vencimientos"),
    ),
    Subject(
        "Control interno",
        "Internal control",
        ("sin_documento", "desperdicio", "consumo", "saldos_conocidos"),
    ),
)
