# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""The engine: reads facts, computes what the ledger should say, writes differences.

Set-based SQL on a plain cursor; quantities never pass through Python. One module a
stage, in the order in which ``run.run`` calls them:

``changes``     the queue of changed facts, which triggers feed
``scope``       what has to be read again
``movements``   done stock move lines that crossed the door -> ``immex_movement``
``production``  done orders -> production layers with actual consumption
``links``       which movement belongs to which goods line of which pedimento
``layers``      goods lines of entries -> ``immex_layer``
``exits``       goods lines of exits, destructions, undocumented deliveries
``production_use``  which exit or order took which units of which production
``explosion``   exits of products -> material requirements (kernel: ``peps``)
``ledger``      requirements against layers (kernel: ``peps``), differences published
``lock``        closed periods: what would change there is told, not written
``findings``    what does not add up

An incremental run reads what ``changes`` names, and computes from the first changed
date of a part on; a full run does the same for everything, and writes differences only.

Every function takes ``(cr, ctx)``: a cursor and a dict with ``company_id``, ``uid``,
``run_id``, ``tz``, ``full`` (whether everything is in scope), ``lock`` (last closed
day).
"""
