# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""How long work will still take: by the former run, else at the pace so far."""

SLOWEST = (0.2, 20.0)  # times as slow as the former run: no more is believed


def progress(former, stage, total, elapsed, in_stage):
    """``(share done, seconds left)``, or None where nothing tells.

    :param dict former: seconds of each stage (``{"0": 1.5, ...}``) of the former run of
        the same kind; may be empty
    :param int stage: stages that are done
    :param int total: stages in all
    :param float elapsed: seconds so far
    :param float in_stage: seconds so far of the stage under way
    """
    times = {int(number): seconds for number, seconds in (former or {}).items()}
    whole = sum(times.values())
    if whole > 0:
        past = sum(seconds for number, seconds in times.items() if number < stage)
        now = times.get(stage, 0.0)
        rest = whole - past - now
        # more facts than the last time, or a slower machine: by what is done so far,
        # and by the stage under way where it takes longer than it did
        spent = max(elapsed - in_stage, 0.0)
        pace = spent / past if past >= 1 and spent else 1.0
        if now:
            pace = max(pace, in_stage / now)
        pace = min(max(pace, SLOWEST[0]), SLOWEST[1])
        left = max(now * pace - in_stage, 0.0) + rest * pace
        return (past + min(in_stage / pace, now)) / whole, left
    if stage and total:
        return stage / total, elapsed * total / stage - elapsed
    return None
