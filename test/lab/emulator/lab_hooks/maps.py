"""Map states as Step Functions runs them: one failed iteration ends an Inline Map, and a Distributed Map takes its tolerated
share from a path.

Stock MiniStack begins the other iterations all the same, and tolerates nothing.
"""

from ministack.services import stepfunctions

_SIBLINGS = "__lab_siblings"


class _Siblings:
    """What the iterations of one Inline Map know of each other; copies of their contexts share it."""

    def __init__(self):
        self.failed = False

    def __deepcopy__(self, memo):
        return self


def install():
    run_items, run_machine = stepfunctions._run_map_items, stepfunctions._run_sub_machine
    stepfunctions._run_map_items = lambda state, given, execution, ctx: _run_items(
        state, given, execution, ctx, run_items)
    stepfunctions._run_sub_machine = lambda states, start, given, execution, ctx: _run_machine(
        states, start, given, execution, ctx, run_machine)


def _run_items(state, given, execution, ctx, stock):
    outer = ctx.get(_SIBLINGS)
    ctx[_SIBLINGS] = None if _is_distributed(state) else _Siblings()
    path = state.get("ToleratedFailurePercentagePath")
    if path:
        state = {**state, "ToleratedFailurePercentage": stepfunctions._resolve_path(path, given)}
    try:
        return stock(state, given, execution, ctx)
    finally:
        ctx[_SIBLINGS] = outer


def _is_distributed(state):
    return state.get("ItemProcessor", {}).get("ProcessorConfig", {}).get("Mode") == "DISTRIBUTED"


def _run_machine(states, start, given, execution, ctx, stock):
    siblings = ctx.pop(_SIBLINGS, None)
    if siblings and siblings.failed:
        raise stepfunctions._ExecutionError("States.MapFailed", "Another iteration has failed")
    try:
        return stock(states, start, given, execution, ctx)
    except Exception:
        if siblings:
            siblings.failed = True
        raise
