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
# RGCE Anexo 30, III-c-1
SCCCYG_DESTINATIONS = {
    "return": "Retorno",
    "regime_change": "Cambio de régimen",
    "transfer": "Transferencia virtual",
    "extraction": "Extracción",
    "regularization": "Regularización",
    "ctm": "Constancia de transferencia de mercancías",
    "cfdi": "CFDI",
    "donation": "Aviso de donación",
    "destruction": "Aviso de destrucción",
}
ADJUSTMENTS = {
    "count_loss": "Faltante",
    "count_surplus": "Sobrante",
}
CREDIT_ACCOUNTS = {
    "credit": "Crédito (21)",
    "guarantee": "Garantía (22)",
    "none": "Sin cargo",
}
CAUSES = {
    "unknown": "Cargo que los libros no conocen",
    "no_layer": "Pedimento sin capas en los libros",
    "rectification": "Rectificado: otra versión",
    "not_in_inventory": "No está en el inventario inicial",
    "payment_form": "Forma de pago",
    "fixed_asset": "Activo fijo en un solo lado",
    "tariff_item": "Otra fracción arancelaria",
    "value": "Otro valor",
    "not_reported": "Descargado, no informado",
    "not_applied": "Enviado, aún no aplicado",
    "expiring": "Excluido: vence dentro del periodo",
    "not_in_ledger": "Informado, no está en nuestros descargos",
    "correction_due": "Informado distinto: procede corrección",
    "correction_pending": "Informado distinto: corrección en trámite",
    "peps_order": "Orden PEPS: se tomó otro cargo",
}
WAY_STATES = {
    "open": "Posible",
    "conditional": "Con condiciones",
    "late": "Extemporánea",
    "closed": "No procede",
}
RATE_SOURCES = {
    "entered": "Capturada",
    "declared": "Declarada",
    "tariff": "TIGIE",
    "unknown": "Desconocida",
}
MISSING_FIGURES = {
    "value": "valor en aduana",
    "igi": "tasa de IGI",
    "cc": "tasa de cuota compensatoria",
    "dta": "tasa de DTA",
    "iva": "tasa de IVA",
    "inpc": "INPC",
    "surcharges": "tasas de recargos",
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


def scccyg_destination(expression):
    """SQL that names a destination of Anexo 30."""
    return _case(SCCCYG_DESTINATIONS, expression)


def adjustment(expression):
    """SQL that names a difference of a count (Anexo 24 B-II-c-2-i)."""
    return _case(ADJUSTMENTS, expression)


def credit_account(expression):
    """SQL that names an account of the SCCCyG (Anexo 30, II-a-2)."""
    return _case(CREDIT_ACCOUNTS, expression)


def cause(expression):
    """SQL that names why the authority's balance is not ours."""
    return _case(CAUSES, expression)


def way_state(expression):
    """SQL that says whether a way out is open."""
    return _case(WAY_STATES, expression)


def rate_source(expression):
    """SQL that says where a duty rate comes from."""
    return _case(RATE_SOURCES, expression)


def missing_figures(expression):
    """SQL that names the figures of a list of keys, comma apart; NULL where none."""
    key = _case(MISSING_FIGURES, "m.key")
    return f"""NULLIF((SELECT string_agg({key}, ', ' ORDER BY m.place)
           FROM unnest(string_to_array({expression}, ', ')) WITH ORDINALITY
                AS m (key, place)), '')"""


def translated(expression):
    """SQL of a translated name, in Spanish where there is one."""
    return f"COALESCE({expression} ->> %(lang)s, {expression} ->> 'en_US')"
