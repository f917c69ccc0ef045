# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Partidas that name no part, by what a person said that their description means.

Nothing is guessed here: a description of one tariff item in one customs unit was
confirmed in the setup assistant (``immex.setup.part``, kind ``text``).
"""

ACCENTED, PLAIN = "ÁÉÍÓÚÜÑÀÈÌÒÙáéíóúüñàèìòù", "AEIOUUNAEIOUaeiouunaeiou"


def plain(text):
    """A text in capitals without accents, whatever the collation of the database."""
    return f"upper(translate({text}, '{ACCENTED}', '{PLAIN}'))"


def described(text):
    """What two descriptions are compared by: accents, case, blanks and signs are no
    matter; the order of the words is, and what stands in numbers (1/2, 1.5) too."""
    return f"btrim(regexp_replace({plain(text)}, '[^A-Z0-9./]+', ' ', 'g'), ' .')"


def told(partida, part):
    """Whether a partida is one of those that a confirmed description is of."""
    return (
        f"{part}.company_id = {partida}.company_id AND {part}.kind = 'text'"
        f" AND {part}.fraccion = {partida}.fraccion"
        f" AND {part}.umc_id IS NOT DISTINCT FROM {partida}.umc_id"
        f" AND {part}.text_key = {described(partida + '.description')}"
    )


# Nobody said so yet of most companies: then no description is read.
ANY_TOLD = """
SELECT FROM immex_setup_part x
  JOIN immex_pedimento p ON p.company_id = x.company_id
 WHERE p.id = ANY(%(ids)s) AND x.kind = 'text' AND x.state = 'confirmed'
 LIMIT 1
"""

# A line that an undone confirmation left without its product takes it again.
AGAIN = f"""
UPDATE immex_pedimento_goods g
   SET product_id = x.product_id, write_uid = %(uid)s,
       write_date = now() AT TIME ZONE 'UTC'
  FROM immex_pedimento_partida pa, immex_setup_part x
 WHERE g.pedimento_id = ANY(%(ids)s) AND g.source = 'description'
   AND g.product_id IS NULL AND pa.id = g.partida_id
   AND x.state = 'confirmed' AND {told("pa", "x")}
"""

FROM_DESCRIPTION = f"""
INSERT INTO immex_pedimento_goods (
    partida_id, pedimento_id, company_id, sequence, description, product_id,
    qty_umc, qty_umt, value_usd, origin_country_id, source, file_id,
    value_declared, commercial_declared, is_waste,
    create_uid, create_date, write_uid, write_date)
SELECT pa.id, pa.pedimento_id, pa.company_id, 1, pa.description, x.product_id,
       pa.qty_umc, pa.qty_umt, pa.value_usd, pa.origin_country_id,
       'description', p.file_id, FALSE, FALSE, FALSE,
       %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
  FROM immex_pedimento_partida pa
  JOIN immex_pedimento p ON p.id = pa.pedimento_id
  JOIN immex_setup_part x ON x.state = 'confirmed' AND {told("pa", "x")}
 WHERE pa.pedimento_id = ANY(%(ids)s) AND pa.qty_umc > 0
   AND btrim(COALESCE(pa.product_code, '')) = ''
   AND NOT EXISTS (
       SELECT FROM immex_pedimento_goods g WHERE g.partida_id = pa.id)
"""
