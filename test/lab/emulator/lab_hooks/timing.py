"""How long the emulated cloud takes, and work that happens later in the account and region of its request."""

import contextvars
import threading

# Seconds; the lab changes them by POST /_lab/timing.
TIMING = {"update": 0.3, "launch": 0.2, "terminate": 0.2, "minute": 60}

# Guards every record that both a request and a timer change.
LOCK = threading.RLock()


def later(seconds, work):
    """Runs `work` after `seconds`, under the lock, in the caller's account and region."""
    context = contextvars.copy_context()

    def run():
        with LOCK:
            work()

    timer = threading.Timer(seconds, context.run, [run])
    timer.daemon = True
    timer.start()
