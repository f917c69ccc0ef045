# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Spanish words of the reports for the keys that the tables hold."""

GOODS_CLASSES = {
    "material": "Material",
    "indirect": "Material indirecto",
    "product": "Producto",
    "fixed_asset": "Activo fijo",
    "container": "Contenedor",
    "packaging": "Empaque",
    "waste": "Desperdicio",
}
CUSTOMS_STATUSES = {
    "temporary": "Temporal",
    "definitive": "Definitivo",
    "domestic": "Nacional",
}
EXIT_KINDS = {
    "return": "Retorno",
    "transfer": "Transferencia virtual",
    "regime_change": "Cambio de régimen",
    "regularization": "Regularización",
    "donation": "Donación",
    "destruction": "Destrucción",
    "export": "Exportación definitiva",
    "provisional": "Sin documento aduanero",
}
DISCHARGE_KINDS = {
    "incorporated": "Incorporado",
    "merma": "Merma",
    "waste": "Desperdicio",
    "same_state": "Mismo estado",
}

SITE_KINDS = {
    "fiscal": "Domicilio fiscal",
    "plant": "Planta",
    "warehouse": "Bodega",
    "submaquila": "Submaquila",
}
ADJUSTMENTS = {
    "count_loss": "Faltante",
    "count_surplus": "Sobrante",
}


def _case(words, expression):
    cases = " ".join(f"WHEN '{key}' THEN '{word}'" for key, word in words.items())
    return f"CASE {expression} {cases} END"


def goods_class(expression):
    """SQL that names a class of goods (LA 108)."""
    return _case(GOODS_CLASSES, expression)


def customs_status(expression):
    """SQL that names a customs status."""
    return _case(CUSTOMS_STATUSES, expression)


def exit_kind(expression):
    """SQL that names a kind of exit (Anexo 24 A-II-c)."""
    return _case(EXIT_KINDS, expression)


def discharge_kind(expression):
    """SQL that names a kind of discharge (LA 2-XI, 2-XII)."""
    return _case(DISCHARGE_KINDS, expression)


def site_kind(expression):
    """SQL that names a kind of site (Anexo 24 A-I-a-4)."""
    return _case(SITE_KINDS, expression)


def adjustment(expression):
    """SQL that names a difference of a count (Anexo 24 B-II-c-2-i)."""
    return _case(ADJUSTMENTS, expression)


def translated(expression):
    """SQL of a translated name, in Spanish where there is one."""
    return f"COALESCE({expression} ->> %(lang)s, {expression} ->> 'en_US')"
