# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A summary of the demo that a person can check against the scenario."""

COUNTS = (
    (
        "Pedimentos",
        "SELECT count(*) FROM immex_pedimento WHERE company_id = %(company)s",
    ),
    (
        "  imports / exits / changes of regime",
        """SELECT count(*) FILTER (WHERE r.effect = 'entry') || ' / '
                || count(*) FILTER (WHERE r.effect = 'exit') || ' / '
                || count(*) FILTER (WHERE r.effect = 'regime_change')
             FROM immex_pedimento p
             JOIN immex_operation_rule r ON r.id = p.operation_rule_id
            WHERE p.company_id = %(company)s""",
    ),
    (
        "Partidas",
        "SELECT count(*) FROM immex_pedimento_partida WHERE company_id = %(company)s",
    ),
    (
        "Parts in them",
        "SELECT count(*) FROM immex_pedimento_goods WHERE company_id = %(company)s",
    ),
    (
        "Layers (temporary)",
        """SELECT count(*) || ' (' || count(*) FILTER (
                WHERE customs_status = 'temporary') || ')'
             FROM immex_layer
            WHERE active AND company_id = %(company)s""",
    ),
    (
        "Production layers (of waste)",
        """SELECT count(*) || ' (' || count(*) FILTER (WHERE kind = 'waste') || ')'
             FROM immex_production_layer
            WHERE active AND company_id = %(company)s""",
    ),
    (
        "Exits (without document)",
        """SELECT count(*) || ' (' || count(*) FILTER (WHERE NOT official) || ')'
             FROM immex_exit_line
            WHERE active AND company_id = %(company)s""",
    ),
    (
        "Discharges",
        """SELECT count(*) || ', USD ' || COALESCE(sum(value_usd), 0)::text
             FROM immex_discharge
            WHERE superseded_run_id IS NULL AND company_id = %(company)s""",
    ),
    (
        "Shortages",
        """SELECT count(*) FROM immex_requirement
            WHERE superseded_run_id IS NULL AND qty_shortage > 0
              AND company_id = %(company)s""",
    ),
)


def summary(env, run, written, logins, password):
    """Return the text: counts, balances, findings, files, how to log in."""
    company = {"company": run.company_id.id}
    lines = ["", "Summary"]
    for text, query in COUNTS:
        env.cr.execute(query, company)
        lines.append(f"  {text:40} {env.cr.fetchone()[0]}")
    lines.append(
        f"  Run {run.name}: {run.discharges_added} discharges written, "
        f"{run.discharges_superseded} superseded"
    )
    lines += ["", "Open findings"]
    env.cr.execute(
        """SELECT code, count(*) FROM immex_finding
            WHERE state IN ('open', 'progress') AND company_id = %(company)s
            GROUP BY code ORDER BY code""",
        company,
    )
    found = env.cr.fetchall()
    labels = dict(env["immex.finding"]._fields["code"]._description_selection(env))
    lines += [f"  {labels[code]:40} {count}" for code, count in found]
    env.cr.execute(
        """SELECT count(*) FROM immex_pedimento_partida
            WHERE detail_state <> 'done' AND company_id = %(company)s""",
        company,
    )
    lines.append(f"  {'Partidas that wait for part detail':40} {env.cr.fetchone()[0]}")
    lines += ["", "Reports"]
    lines += [
        f"  {path.name:52} {rows:6} rows {size:9} bytes" for path, size, rows in written
    ]
    lines += ["", "Log in"]
    lines.append(f"  admin / {password}    (everything)")
    lines += [f"  {login} / {password}" for login in logins]
    lines.append(f"  casos / {password}    (a company with a case of every movement)")
    lines.append("  the authority reads at /immex/authority")
    return "\n".join(lines)
