"""Auto Scaling as AWS behaves: bounds, filters, suspended processes, scale-in protection, refused launches.

Stock MiniStack accepts desired > max, ignores Filters, has no Suspend/Resume, no protection and no activities.
"""

from xml.sax.saxutils import escape

from ministack.core.responses import new_uuid, now_iso
from ministack.services import autoscaling as stock

from .instances import active, launch, terminate
from .timing import LOCK

ALL_PROCESSES = (
    "Launch", "Terminate", "AddToLoadBalancer", "AlarmNotification", "AZRebalance", "HealthCheck",
    "InstanceRefresh", "ReplaceUnhealthy", "ScheduledActions",
)


def install():
    stock._reconcile_instances = reconcile
    describe = stock._describe_asgs
    create = stock._create_asg
    update = stock._update_asg
    set_desired = stock._set_desired_capacity
    stock._ACTION_MAP.update(
        CreateAutoScalingGroup=_locked(lambda p: _create(p, create)),
        UpdateAutoScalingGroup=_locked(lambda p: _update(p, update)),
        SetDesiredCapacity=_locked(lambda p: _set_desired(p, set_desired)),
        DescribeAutoScalingGroups=_locked(lambda p: _describe(p, describe)),
        SuspendProcesses=_locked(lambda p: _suspend(p, True)),
        ResumeProcesses=_locked(lambda p: _suspend(p, False)),
        SetInstanceProtection=_locked(_set_protection),
        TerminateInstanceInAutoScalingGroup=_locked(_terminate_instance),
        DescribeScalingActivities=_locked(_describe_activities),
    )


def _locked(action):
    def run(params):
        with LOCK:
            return action(params)

    return run


# --- size --------------------------------------------------------------------------------------------------------


def reconcile(group):
    """Moves the group towards its desired capacity as far as suspended processes and protection let it."""
    suspended = group.get("_suspended", ())
    missing = group["DesiredCapacity"] - len(active(group))
    if missing > 0 and "Launch" not in suspended:
        _launch_missing(group, missing)
    if missing < 0 and "Terminate" not in suspended:
        _terminate_surplus(group, -missing)


def _launch_missing(group, count):
    refusal = group.get("_launch_refusal")
    if refusal:
        _record_activity(group, "Failed", refusal)
        return
    for _ in range(count):
        launch(group)


def _terminate_surplus(group, count):
    free = [i for i in active(group) if not i["ProtectedFromScaleIn"]]
    for instance in reversed(free[-count:]):
        terminate(group, instance)
    if count > len(free):
        _record_activity(group, "Cancelled", "Could not scale to desired capacity because all remaining instances "
                                             "are protected from scale-in.")


def _record_activity(group, status, message):
    group.setdefault("_activities", []).insert(0, {"id": new_uuid(), "at": now_iso(), "status": status,
                                                   "message": message})


def _bounds_problem(low, desired, high):
    if low > high:
        return f"Max bound, {high}, must be greater than or equal to min bound, {low}"
    if not low <= desired <= high:
        return f"Desired capacity:{desired} must be between the specified min size:{low} and max size:{high}"
    return None


def _number(params, key, otherwise):
    text = stock._p(params, key)
    return int(text) if text != "" else otherwise


def _create(params, create):
    low, high = _number(params, "MinSize", 0), _number(params, "MaxSize", 0)
    problem = _bounds_problem(low, _number(params, "DesiredCapacity", low), high)
    return stock._error("ValidationError", problem) if problem else create(params)


def _update(params, update):
    group = stock._asgs.get(stock._p(params, "AutoScalingGroupName"))
    if not group:
        return _not_found()
    low, high = _number(params, "MinSize", group["MinSize"]), _number(params, "MaxSize", group["MaxSize"])
    # AWS moves a desired capacity that the call does not name into the new bounds.
    implied = max(low, min(high, group["DesiredCapacity"]))
    desired = _number(params, "DesiredCapacity", implied)
    problem = _bounds_problem(low, desired, high)
    if problem:
        return stock._error("ValidationError", problem)
    return update({**params, "DesiredCapacity": str(desired)})


def _set_desired(params, set_desired):
    group = stock._asgs.get(stock._p(params, "AutoScalingGroupName"))
    if not group:
        return _not_found()
    desired = _number(params, "DesiredCapacity", group["DesiredCapacity"])
    for bound, word, wrong in (("MaxSize", "above max", desired > group["MaxSize"]),
                               ("MinSize", "below min", desired < group["MinSize"])):
        if wrong:
            return stock._error("ValidationError", f"New SetDesiredCapacity value {desired} is {word} value "
                                                   f"{group[bound]} for the AutoScalingGroup.")
    return set_desired(params)


def _not_found():
    return stock._error("ValidationError", "AutoScalingGroup name not found - AutoScalingGroup not found")


# --- describe ----------------------------------------------------------------------------------------------------


def _describe(params, describe):
    status, headers, body = describe(_names_for_filters(params))
    return status, headers, _with_suspended_processes(body.decode()).encode()


def _names_for_filters(params):
    """Turns Filters, which stock MiniStack ignores, into a list of names."""
    names, number = set(stock._parse_member_list(params, "AutoScalingGroupNames")), 1
    while name := stock._p(params, f"Filters.member.{number}.Name"):
        values = set(stock._parse_member_list(params, f"Filters.member.{number}.Values"))
        matching = {n for n, group in stock._asgs.items() if _matches(group, name, values)}
        names = (names & matching if names else matching) or {"\0none"}
        number += 1
    if number == 1:
        return params
    return {"Action": "DescribeAutoScalingGroups",
            **{f"AutoScalingGroupNames.member.{i}": name for i, name in enumerate(sorted(names), 1)}}


def _matches(group, filter_name, values):
    tags = {t["Key"]: t["Value"] for t in group.get("Tags", [])}
    if filter_name.startswith("tag:"):
        return tags.get(filter_name[4:]) in values
    return bool(values & set(tags if filter_name == "tag-key" else tags.values()))


def _with_suspended_processes(text):
    for name, group in stock._asgs.items():
        members = "".join(f"<member><ProcessName>{p}</ProcessName><SuspensionReason>User suspended</SuspensionReason>"
                          "</member>" for p in group.get("_suspended", ()))
        opening = f"<AutoScalingGroupName>{name}</AutoScalingGroupName>"
        arn = "<AutoScalingGroupARN>"
        text = text.replace(opening + arn, f"{opening}<SuspendedProcesses>{members}</SuspendedProcesses>{arn}")
    return text


def _describe_activities(params):
    name = stock._p(params, "AutoScalingGroupName")
    members = "".join(
        f"<member><ActivityId>{a['id']}</ActivityId><AutoScalingGroupName>{name}</AutoScalingGroupName>"
        f"<StartTime>{a['at']}</StartTime><StatusCode>{a['status']}</StatusCode>"
        f"<StatusMessage>{escape(a['message'])}</StatusMessage><Cause></Cause><Progress>100</Progress></member>"
        for a in (stock._asgs.get(name) or {}).get("_activities", [])
    )
    return stock._xml(200, "DescribeScalingActivitiesResponse",
                      "<DescribeScalingActivitiesResult><Activities>" + members +
                      "</Activities></DescribeScalingActivitiesResult>")


# --- processes and instances -------------------------------------------------------------------------------------


def _suspend(params, suspend):
    group = stock._asgs.get(stock._p(params, "AutoScalingGroupName"))
    if not group:
        return _not_found()
    named = set(stock._parse_member_list(params, "ScalingProcesses")) or set(ALL_PROCESSES)
    current = set(group.get("_suspended", ()))
    group["_suspended"] = sorted(current | named if suspend else current - named)
    reconcile(group)
    return stock._xml(200, ("Suspend" if suspend else "Resume") + "ProcessesResponse", "")


def _set_protection(params):
    group = stock._asgs.get(stock._p(params, "AutoScalingGroupName"))
    if not group:
        return _not_found()
    wanted = set(stock._parse_member_list(params, "InstanceIds"))
    for instance in group["Instances"]:
        if instance["InstanceId"] in wanted:
            instance["ProtectedFromScaleIn"] = stock._p(params, "ProtectedFromScaleIn") == "true"
    reconcile(group)
    return stock._xml(200, "SetInstanceProtectionResponse", "<SetInstanceProtectionResult/>")


def _terminate_instance(params):
    wanted = stock._p(params, "InstanceId")
    for group in stock._asgs.values():
        for instance in active(group):
            if instance["InstanceId"] == wanted:
                if stock._p(params, "ShouldDecrementDesiredCapacity") == "true":
                    group["DesiredCapacity"] -= 1
                terminate(group, instance)
                reconcile(group)
                return stock._xml(200, "TerminateInstanceInAutoScalingGroupResponse",
                                  "<TerminateInstanceInAutoScalingGroupResult/>")
    return stock._error("ValidationError", f"Instance Id not found - No managed instance found for instance ID: {wanted}")
