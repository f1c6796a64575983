"""EventBridge Scheduler in quick motion: how long a minute of `rate(…)` takes is a matter of timing.

Stock MiniStack looks at its schedules every ten seconds.
"""

from ministack.services import eventbridge, scheduler

from .timing import TIMING

_LOOK_SECONDS = 0.25


def install():
    parse = eventbridge._parse_rate_seconds

    def scaled(expression):
        seconds = parse(expression)
        return None if seconds is None else seconds / 60 * TIMING["minute"]

    eventbridge._parse_rate_seconds = scaled
    scheduler._SCHEDULE_TICK_INTERVAL = _LOOK_SECONDS
