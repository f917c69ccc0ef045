# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A COVE from lines of text: ``name=value``, ``issuer.address.street=...``,
``goods.quantity=...``. What no line names is as in the sample."""

import sys
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

PURE = Path(__file__).resolve().parents[2] / "addons/immex_compliance/tests/pure"
sys.path.append(str(PURE / "formats"))
from cove_sample import EXPORT, as_list  # noqa: E402


def comprobante_of(content):
    """The sample with the changes of ``content``: bytes."""
    text = content.decode("utf-8", "replace")
    lines = [line.partition("=") for line in text.split("\n")]
    told = {name.strip(): value for name, _mark, value in lines}
    form = told.get("form")
    if form in ("list", "automotive"):
        return _changed(as_list(form == "automotive"), told, "")
    return _changed(EXPORT, told, "")


def _changed(record, told, path):
    """``record`` with the texts of ``told`` in the fields that bear their names."""
    changes = {}
    for field in fields(record):
        value = getattr(record, field.name)
        name = path + field.name
        if hasattr(value, "__dataclass_fields__"):
            changes[field.name] = _changed(value, told, f"{name}.")
        elif isinstance(value, tuple):
            changes[field.name] = tuple(
                _changed(part, told, f"{name}.")
                if hasattr(part, "__dataclass_fields__")
                else told.get(name, part)
                for part in value
            )
        elif name in told:
            changes[field.name] = _typed(value, told[name])
    return replace(record, **changes)


def _typed(value, text):
    """``text`` in the type of ``value``, which stays where it cannot be."""
    try:
        if isinstance(value, bool):
            return text == "1"
        if isinstance(value, Decimal):
            return Decimal(text)
        if isinstance(value, date):
            return date.fromisoformat(text)
    except (InvalidOperation, ValueError):
        return value
    return text
