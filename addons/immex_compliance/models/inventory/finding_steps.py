# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What to do about a finding, by code; and which record the work begins at."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

NEXT_STEPS = {
    "value_short": _lt(
        "Look for an import of the tariff item that is missing or dated later, and "
        "compare the entry values of the part."
    ),
    "receipt_without_pedimento": _lt(
        "Ask the customs broker for the pedimento and load its file; if it is loaded, "
        "write its number on the transfer."
    ),
    "layer_without_receipt": _lt(
        "Receive the goods, or write the pedimento's number on the receipt that "
        "brought them."
    ),
    "receipt_short": _lt(
        "Count again. If the rest will not come, have the broker rectify the pedimento."
    ),
    "receipt_over": _lt(
        "Count again. If there are more, have the broker rectify (R1) or regularise "
        "(A3)."
    ),
    "partida_without_detail": _lt(
        "Load the broker's part file, or let the parts be proposed and check them."
    ),
    "goods_unmapped": _lt(
        "Choose the product of each part number on the partida; it is remembered."
    ),
    "factor_missing": _lt(
        "Enter on the product how many of its units make one unit of the pedimento."
    ),
    "no_rule": _lt(
        "Check the key and the identifiers of the pedimento; choose its case, or let "
        "an administrator add a rule."
    ),
    "no_production_layer": _lt(
        "Close the production order of what left, or correct its date: it must not be "
        "later than the exit. Products of before the first day need opening balances."
    ),
    "shortage": _lt(
        "Look for the import that is missing, is dated later, or stands in another "
        "product or unit; then check what the order drew."
    ),
    "delivery_difference": _lt(
        "Compare the delivery with the pedimento. Correct the delivery, or rectify."
    ),
    "exit_without_delivery": _lt(
        "Validate the delivery and write the pedimento's number on it."
    ),
    "exit_without_document": _lt(
        "Write the exit pedimento's number on the delivery; if there is none, file one "
        "(F4, V5 or what applies)."
    ),
    "layer_after_consumption": _lt(
        "Compare the date of the order with the entry of the import; correct the one "
        "that is wrong, or explain it."
    ),
    "late_return": _lt(
        "Tell the customs lawyer: the term had ended. Regularise (A3) what has not "
        "left, and keep the proof of what has."
    ),
    "count_loss": _lt(
        "Count again; then show merma, waste or theft with its document, or regularise "
        "(A3)."
    ),
    "count_surplus": _lt(
        "Count again and look for a receipt that was not recorded; then rectify (R1) "
        "or regularise (A3)."
    ),
    "scrap_unassigned": _lt(
        "Scrap from within the production order, or give the scrapped goods an exit: "
        "destruction, donation or regularisation."
    ),
    "mixed_principals": _lt(
        "Check the owner of each lot that the order drew, and correct the order."
    ),
    "split_exceeds_drawn": _lt("Correct merma and waste on the order's materials."),
    "unreceived_return": _lt(
        "File the pedimento of the return (key IN, case II) and write its number on "
        "the transfer."
    ),
    "production_cycle": _lt(
        "Correct the components, or the dates, of the orders that feed each other."
    ),
    "unbuilt_import": _lt(
        "Reverse the unbuild order and take the units apart by a manufacturing order "
        "that draws them and puts out their parts: these are then discharged from the "
        "import of the units."
    ),
    "peps_mismatch": _lt(
        "Compare the imports that the pedimento names with the ledger of its exit; "
        "rectify it, or explain the difference."
    ),
    "locked_change": _lt(
        "See the differences of closed periods; an administrator reopens the period "
        "if they have to be declared."
    ),
    "rectified_difference": _lt(
        "Check the exits of this part after the import: they are discharged elsewhere, "
        "or are short."
    ),
    "remesa_difference": _lt(
        "Compare the remesas with the partidas of the closed pedimento: correct the "
        "remesa, or have the broker rectify the pedimento."
    ),
    "rejected_export_late": _lt(
        "Find the export that came back; a return after a year is a definitive import, "
        "not key IN: have the broker rectify the pedimento."
    ),
    "equivalence_broken": _lt(
        "Compare tariff item and unit of these imports: correct the pedimento, or take "
        "the part out of its group of equivalents."
    ),
    "period_difference": _lt(
        "Check the counts and the orders of the period. Make a new version of the "
        "period consumption, or correct what the orders drew; explain the rest."
    ),
}

TRANSFER = "movement_id.picking_id"
# Where the work begins; what a code does not name is found in this order.
ABOUT_ORDER = (
    "production_id",
    "exit_line_id",
    TRANSFER,
    "movement_id",
    "partida_id",
    "pedimento_id",
    "layer_id",
    "product_id",
)
ABOUT = {
    "receipt_without_pedimento": TRANSFER,
    "receipt_over": TRANSFER,
    "unreceived_return": TRANSFER,
    "exit_without_document": TRANSFER,
    "count_loss": "movement_id",
    "count_surplus": "movement_id",
    "scrap_unassigned": "movement_id",
    "unbuilt_import": "movement_id",
    "layer_without_receipt": "pedimento_id",
    "receipt_short": "pedimento_id",
    "delivery_difference": "pedimento_id",
    "exit_without_delivery": "pedimento_id",
    "layer_after_consumption": "layer_id",
    "shortage": "exit_line_id",
    "value_short": "exit_line_id",
    "no_production_layer": "exit_line_id",
}
