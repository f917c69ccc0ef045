# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Catalogues of materials and products: Anexo 24, A-I-b and c, B-I-b and c.

A part is in them from the day on which the company's books first have it. Its number
and its unit come from Odoo and are written nowhere else, as apartado B asks.
"""

from .base import FLAG, Column, Report
from .words import goods_class, translated

# parts that the company's books had by the day
USED = """
    SELECT l.product_id FROM immex_layer l
     WHERE l.company_id = %(company_id)s AND l.peps_date <= %(date_to)s
     UNION
    SELECT m.product_id FROM immex_movement m
     WHERE m.company_id = %(company_id)s AND m.date <= %(date_to)s
     UNION
    SELECT o.product_id FROM immex_production_layer o
     WHERE o.company_id = %(company_id)s AND o.date <= %(date_to)s
     UNION
    SELECT c.product_id FROM immex_production_consumption c
     WHERE c.company_id = %(company_id)s AND c.date <= %(date_to)s
"""


def _catalogue(code, title, english, clause, letter, classes, more=()):
    return Report(
        code=code,
        title=title,
        english=english,
        source=f"RGCE Anexo 24, {clause}",
        period="cutoff",
        query=f"""
SELECT pp.default_code AS numero_parte,
       pp.id AS numero_parte_id,
       COALESCE(pt.immex_customs_description, {translated("pt.name")}) AS descripcion,
       t.fraccion AS fraccion,
       t.nico AS nico,
       umt.name AS umt,
       {translated("uom.name")} AS unidad,
       {goods_class("pt.immex_class")} AS tipo,
       pp.active AS activo
  FROM ({USED}) used
  JOIN product_product pp ON pp.id = used.product_id
  JOIN product_template pt ON pt.id = pp.product_tmpl_id
  JOIN uom_uom uom ON uom.id = pt.uom_id
  LEFT JOIN immex_tariff_item t ON t.id = pt.immex_tariff_item_id
  LEFT JOIN immex_unit umt ON umt.id = t.unit_id
 WHERE pt.immex_class IN ({classes})
 ORDER BY pp.default_code, pp.id
""",
        columns=(
            Column(
                "numero_parte",
                "Número de parte o clave de identificación",
                "Part Number",
                source=f"Anexo 24 B-I-{letter}-1",
                record="product.product",
                width=20,
            ),
            Column(
                "descripcion",
                "Descripción comercial",
                "Description",
                source=f"Anexo 24 A-I-{letter}-2, B-I-{letter}-2",
                width=44,
            ),
            Column(
                "fraccion",
                "Fracción arancelaria",
                "Tariff Item",
                source=f"Anexo 24 A-I-{letter}-1, B-I-{letter}-3",
                width=11,
            ),
            Column("nico", "NICO", "NICO", width=6),
            Column(
                "umt",
                "Unidad de medida de la TIGIE",
                "TIGIE Unit",
                source=f"Anexo 24 A-I-{letter}-3, B-I-{letter}-5",
                width=12,
            ),
            Column(
                "unidad",
                "Unidad de medida de comercialización",
                "Commercial Unit",
                source=f"Anexo 24 B-I-{letter}-4",
                width=12,
            ),
            *more,
            Column("activo", "Activo", "Active", FLAG, width=8),
        ),
    )


MATERIALES_CATALOGO = _catalogue(
    "catalogo_materiales",
    "Catálogo de materiales",
    "Catalogue of materials",
    "A-I-b y B-I-b",
    "b",
    "'material', 'indirect', 'packaging', 'container'",
    (
        Column(
            "tipo",
            "Tipo de material",
            "Kind",
            source="Anexo 24 B-I-b-6",
            width=18,
        ),
    ),
)
PRODUCTOS_CATALOGO = _catalogue(
    "catalogo_productos",
    "Catálogo de productos",
    "Catalogue of products",
    "A-I-c y B-I-c",
    "c",
    "'product'",
)
