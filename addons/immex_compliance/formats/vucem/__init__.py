# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Answers of VUCEM to queries for pedimentos, read leniently; and their collection
into the file from which a pedimento is loaded."""

from .answers import (
    ServiceError,
    errors_of,
    operation_number,
    parse_answer,
    partida_number,
    partida_numbers,
    read_list,
    read_remesas,
    read_states,
)
from .collection import write_collection
from .payment import payment_date
from .reader import VucemReader

__all__ = [
    "ServiceError",
    "VucemReader",
    "errors_of",
    "operation_number",
    "parse_answer",
    "partida_number",
    "partida_numbers",
    "payment_date",
    "read_list",
    "read_remesas",
    "read_states",
    "write_collection",
]
