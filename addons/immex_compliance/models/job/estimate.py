# Copyright 2026 IMMEX Compliance contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""How long work will still take: by the former run, else at the pace so far."""


def seconds_left(former, stage, total, elapsed, in_stage):
    """Seconds that are left, or None where nothing tells.

    :param dict former: seconds of each stage (``{"0": 1.5, ...}``) of the former run of
        the same kind; may be empty
    :param int stage: stages that are done
    :param int total: stages in all
    :param float elapsed: seconds so far
    :param float in_stage: seconds so far of the stage under way
    """
    if former:
        times = {int(number): seconds for number, seconds in former.items()}
        past = sum(seconds for number, seconds in times.items() if number < stage)
        now = times.get(stage, 0.0)
        rest = sum(seconds for number, seconds in times.items() if number > stage)
        spent = elapsed - in_stage
        # more facts than the last time, or a slower machine: by what is done so far
        pace = min(max(spent / past, 0.2), 20.0) if past >= 1 and spent > 0 else 1.0
        return max(now * pace - in_stage, 0.0) + rest * pace
    if stage and total:
        return elapsed * total / stage - elapsed
    return None
