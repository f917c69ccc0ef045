# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Write what follows from the definitions: ``python tools/make_files.py``.

``schemas/<code>.xsd``; ``security/results/ir.model.access.csv`` and
``security/immex_report_results_rules.xml``, the rights on the tables of the screens;
``docs/anexo24-fields.md`` of the repository, what the law lists and which column it is.
Needs lxml and no Odoo. A test fails where a definition changed and its files did not.
"""

import importlib
import re
import sys
import types
from pathlib import Path

ADDON = Path(__file__).resolve().parents[1]
DOCS = ADDON.parents[1] / "docs"
CLAUSE = re.compile(r"\b[ABC](?:-[IVX]+(?:-[a-h](?:-d?\d)?)?)?(?![\w-])")
ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5}


def load():
    """Return the modules ``definitions`` and ``renderers`` of the add-on, without
    running its own ``__init__``, which needs Odoo."""
    name = "immex_reports"
    if name not in sys.modules:
        package = types.ModuleType(name)
        package.__path__ = [str(ADDON)]
        sys.modules[name] = package
    return (
        importlib.import_module(f"{name}.definitions"),
        importlib.import_module(f"{name}.renderers"),
    )


RULE = """\
    <record id="{id}" model="ir.rule">
        <field name="name">{model}: {name}</field>
        <field name="model_id" ref="model_{table}" />
        <field name="domain_force">{domain}</field>{groups}
    </record>
"""
GROUPS = """
        <field name="groups" eval="[(4, ref('immex_compliance.{group}'))]" />"""
# key, words, domain, group
RULES = (
    ("company", "company", "[('company_id', 'in', company_ids)]", ""),
    ("own", "own reports", "[('run_id.create_uid', '=', user.id)]", "group_user"),
    ("all", "all reports", "[(1, '=', 1)]", "group_manager"),
)
HEAD = """\
<?xml version="1.0" encoding="UTF-8" ?>
<!-- made by tools/make_files.py from the definitions -->
<odoo noupdate="1">
"""


def rules(codes):
    """Record rules: the company's rows, and of these a user's own reports."""
    parts = [HEAD]
    for code in codes:
        table = f"immex_report_{code}"
        parts += [
            RULE.format(
                id=f"rule_{key}_{table}",
                model=f"immex.report.{code}",
                name=words,
                table=table,
                domain=domain,
                groups=GROUPS.format(group=group) if group else "",
            )
            for key, words, domain, group in RULES
        ]
    return "".join([*parts, "</odoo>\n"])


def access(codes):
    """Access rights: users read the rows, nobody writes them."""
    lines = [
        "id,name,model_id:id,group_id:id,perm_read,perm_write,perm_create,perm_unlink"
    ]
    lines += [
        f"access_immex_report_{code}_user,immex.report.{code} user,"
        f"model_immex_report_{code},immex_compliance.group_user,1,0,0,0"
        for code in codes
    ]
    return "\n".join(lines) + "\n"


def clauses(source):
    """Clauses of Anexo 24 that the source of a column or of a report names."""
    found = []
    for part in source.split(";"):
        if "Anexo 24" in part:
            found += CLAUSE.findall(part.split("Anexo 24", 1)[1])
    return found


def _place(clause):
    """Order of a clause in the annex."""
    apartado, section, *rest = f"{clause}-I".split("-")
    return apartado, ROMAN.get(section, 0), rest


def fields_page(reports):
    """Which column of which report shows each field of the annex, as Markdown."""
    rows = sorted(
        (
            (clause, report, column)
            for report in reports.values()
            for column in report.columns
            for clause in clauses(column.source)
        ),
        key=lambda row: _place(row[0]),
    )
    lines = [
        "# Fields of Anexo 24",
        "",
        "Made by `addons/immex_reports/tools/make_files.py` from the definitions. What",
        "the law lists stands in `tests/pure/law_anexo24.py` of the add-on, clause by",
        "clause; a test fails where a field has no column, or another name. `d1` to",
        "`d8` are the list on disassembly. Company, RFC and programme (A-I-a) are on",
        "every screen, file and page besides.",
        "",
        "| clause | report, catalogue or module | column | in XML |",
        "|---|---|---|---|",
        *(
            f"| {clause} | {report.title} | {column.label} |"
            f" `{report.code}.{column.name}` |"
            for clause, report, column in rows
        ),
    ]
    return "\n".join(lines) + "\n"


def files():
    """``{path: bytes}`` of everything that is made."""
    definitions, renderers = load()
    reports = definitions.REPORTS
    made = {
        ADDON / "schemas" / f"{code}.xsd": renderers.schema(report)
        for code, report in reports.items()
    }
    security = ADDON / "security"
    made[security / "immex_report_results_rules.xml"] = rules(reports).encode()
    made[security / "results" / "ir.model.access.csv"] = access(reports).encode()
    if DOCS.is_dir():
        made[DOCS / "anexo24-fields.md"] = fields_page(reports).encode()
    return made


def main():
    for path, content in files().items():
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    main()
