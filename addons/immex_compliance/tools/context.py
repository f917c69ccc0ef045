# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Defaults of the context: values of what is created that no guard of ``vals`` sees."""


def without_defaults(records, allowed=()):
    """``records`` in a context that names no default for a new record, but for the
    fields of ``allowed``: who calls a method by RPC chooses the context as well."""
    kept = {f"default_{name}" for name in allowed}
    context = {
        key: value
        for key, value in records.env.context.items()
        if not key.startswith("default_") or key in kept
    }
    if len(context) == len(records.env.context):
        return records
    return records.with_env(records.env(context=context))
