# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The engine: reads facts, computes what the ledger should say, writes differences.

Set-based SQL on a plain cursor; quantities never pass through Python. One module a
stage, in the order in which ``run.run`` calls them:

``movements``   done stock move lines that crossed the door -> ``immex_movement``
``production``  done orders -> production layers with actual consumption
``links``       which movement belongs to which goods line of which pedimento
``layers``      goods lines of entries -> ``immex_layer``
``exits``       goods lines of exits, destructions, undocumented deliveries
``explosion``   exits of products -> material requirements (kernel: ``peps``)
``ledger``      requirements against layers (kernel: ``peps``), differences published
``findings``    what does not add up

Every function takes ``(cr, ctx)``: a cursor and a dict with ``company_id``, ``uid``,
``run_id``, ``tz``.
"""
