# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Every public method of every model, with arguments that a caller would try."""

import inspect

from odoo.exceptions import AccessError
from odoo.service.model import get_public_method

# by the name of the parameter; a method is called with what it asks for
ARGUMENTS = {
    "vals": {"name": "x"},
    "values": {"name": "x"},
    "vals_list": [{"name": "x"}],
    "domain": [],
    "args": [],
    "fields": ["id", "display_name"],
    "fields_list": ["id", "name"],
    "field_names": ["id"],
    "fields_to_export": ["id", "display_name"],
    "fields_to_fetch": ["id"],
    "allfields": None,
    "specification": {"display_name": {}},
    "fields_spec": {"display_name": {}},
    "groupby": ["id"],
    "aggregates": ["__count"],
    "name": "x",
    "field_name": "display_name",
    "fname": "display_name",
    "field": "display_name",
    "grouping_sets": [["id"]],
    "progress_bar": {"field": "id", "colors": {}},
    "view_id": False,
    "view_type": "form",
    "views": [[False, "list"]],
    "operation": "read",
    "mode": "read",
    "limit": 5,
    "offset": 0,
    "lang": "en_US",
    "default": {},
    "data": [["x"]],
    "user_id": 2,
    "uid": 2,
    "partner_id": 1,
    "partner_ids": [1],
    "company_id": 1,
    "product_id": 1,
    "res_id": 1,
    "res_ids": [1],
    "record_id": 1,
    "model": "res.users",
    "model_name": "res.users",
    "res_model": "res.users",
    "key": "database.secret",
    "message_id": 1,
    "attachment_ids": [1],
    "group_ext_id": "base.group_user",
    "date": "2026-10-31",
    "date_from": "2026-10-01",
    "date_to": "2026-10-31",
}


def public_methods(model):
    """Names of what a remote caller may call on a model, as Odoo decides."""
    names = []
    for name in dir(type(model)):
        if name.startswith("_"):
            continue
        try:
            get_public_method(model, name)
        except (AccessError, AttributeError):
            continue
        names.append(name)
    return names


def arguments(method):
    """Arguments for every parameter without a default, by its name."""
    try:
        parameters = list(inspect.signature(method).parameters.values())[1:]
    except (TypeError, ValueError):
        return []
    return [
        ARGUMENTS.get(parameter.name, [])
        for parameter in parameters
        if parameter.kind
        in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD)
        and parameter.default is parameter.empty
    ]
