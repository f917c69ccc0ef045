# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""When the clearance of pedimentos ended (Anexo 24, apartado C)."""

# Moment of a pedimento p of a company whose partner is c: as told, or the end of the
# plant's day on which the selection mechanism was activated, else of the payment.
END = """
    COALESCE(p.cleared_at,
             (COALESCE(p.modulation_date, p.payment_date) + 1)::timestamp
                 AT TIME ZONE COALESCE(c.tz, 'America/Mexico_City')
                 AT TIME ZONE 'UTC')
"""

# Recorded in the books later than the law gives.
LATE = f"""
SELECT p.id FROM immex_pedimento p
  JOIN res_company o ON o.id = p.company_id
  JOIN res_partner c ON c.id = o.partner_id
 WHERE COALESCE(p.registered_at, p.create_date)
       > {END} + o.immex_update_hours * interval '1 hour'
"""

_DAY = r"'^[12]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])'"
_CLOCK = r"'(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?'"


def _moment(day, clock):
    """Timestamp of two texts that came from outside; NULL where they are none. A day
    that its month has not becomes one of the next instead of an error."""
    date = f"substring(translate(r.content->>'{day}', '/', '-') FROM {_DAY})"
    time = f"substring(r.content->>'{clock}' FROM {_CLOCK})"
    return (
        f"((left({date}, 7) || '-01')::date + substr({date}, 9)::integer - 1"
        f" + {time}::time)"
    )


# What Data Stage tells: the last selection of the pedimento or of its remesas (table
# Sel), the end of the last examination (Inci). What is there already stays.
FROM_DATASTAGE = f"""
UPDATE immex_pedimento p
   SET cleared_at = told.ended AT TIME ZONE %(tz)s AT TIME ZONE 'UTC'
  FROM (
    SELECT d.pedimento_id,
           max(CASE r.table_name
               WHEN 'Sel' THEN {_moment("FechaSeleccion", "HoraSeleccion")}
               ELSE {_moment("FechaFinReconocimiento", "HoraFinReconocimiento")}
               END) AS ended
      FROM immex_datastage_pedimento d
      JOIN immex_datastage_record r
        ON r.datastage_id = d.id AND r.table_name IN ('Sel', 'Inci')
     WHERE d.company_id = %(company_id)s AND d.pedimento_id IS NOT NULL
     GROUP BY d.pedimento_id
  ) told
 WHERE p.id = told.pedimento_id AND p.cleared_at IS NULL AND told.ended IS NOT NULL
"""
