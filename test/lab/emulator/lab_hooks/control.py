"""Routes by which the lab scripts the cloud: `POST /_lab/<operation>` with a JSON object. No AWS client calls them."""

import json

from ministack import app
from ministack.core.responses import set_request_account_id, set_request_region
from ministack.services import autoscaling, ec2, eks

from . import functions, roles
from .autoscaling import reconcile
from .eks import auto_scaling_group, begin_update, end_updates
from .instances import active, launch, terminate
from .timing import LOCK, TIMING

PREFIX = "/_lab/"


def install():
    dispatch = app._dispatch_service_request

    async def with_lab(method, path, headers, body, query_params, request_id):
        if not path.startswith(PREFIX):
            return await dispatch(method, path, headers, body, query_params, request_id)
        operation = OPERATIONS[path.removeprefix(PREFIX)]
        order = json.loads(body or b"{}")
        if "account" in order:
            set_request_account_id(order["account"])
            set_request_region(order["region"])
        with LOCK:
            answer = operation(order)
        return 200, {"Content-Type": "application/json"}, b"" if answer is None else json.dumps(answer).encode()

    app._dispatch_service_request = with_lab


def _set_timing(order):
    TIMING.update(order)


def _set_functions(order):
    """Environment variables of functions that are started from now on."""
    functions.ENVIRONMENT.update(order["environment"])


def _create_role(order):
    roles.create(order["arn"])


def _delete_role(order):
    roles.delete(order["arn"])


def _patch_cluster(order):
    """Sets where the cluster's API really is, or any other field of its record."""
    eks._clusters[order["cluster"]].update(order["fields"])


def _patch_nodegroup(order):
    """Sets status and health of a node group, or begins and ends an update that is somebody else's."""
    nodegroup = eks._nodegroups[f"{order['cluster']}/{order['nodegroup']}"]
    nodegroup.update(order.get("fields", {}))
    if order.get("update") == "begin":
        return begin_update(order["cluster"], nodegroup, {})
    if order.get("update") == "end":
        end_updates(order["cluster"], nodegroup)
    return None


def _group_of(order):
    """The Auto Scaling group, named itself or by its managed node group."""
    if "nodegroup" in order:
        return autoscaling._asgs[auto_scaling_group(eks._nodegroups[f"{order['cluster']}/{order['nodegroup']}"])]
    return autoscaling._asgs[order["group"]]


def _refuse_launches(order):
    """With a message, launches fail until it is called without."""
    group = _group_of(order)
    group["_launch_refusal"] = order.get("message")
    reconcile(group)


def _replace_instance(order):
    """What Auto Scaling does to an unhealthy instance: a new one comes, the old one goes."""
    group = _group_of(order)
    oldest = active(group)[0]
    launch(group)
    terminate(group, oldest)


def _launch_instance(order):
    """One more than desired, as while zones are rebalanced."""
    launch(_group_of(order))


def _read_group(order):
    group = _group_of(order)
    return {"name": group["AutoScalingGroupName"], "min": group["MinSize"], "desired": group["DesiredCapacity"],
            "max": group["MaxSize"], "instances": [i["InstanceId"] for i in active(group)]}


def _list_instances(_order):
    """Every instance that runs or is about to, in all accounts: what the lab makes nodes from."""
    return [
        {"account": account, "region": region, "group": name, "id": instance["InstanceId"],
         "zone": instance["AvailabilityZone"], **_ec2_facts(account, region, instance["InstanceId"]),
         "tags": {t["Key"]: t["Value"] for t in group["Tags"]}}
        for (account, region, name), group in list(autoscaling._asgs.all_items())
        for instance in group["Instances"] if instance["LifecycleState"] == "InService"
    ]


def _ec2_facts(account, region, instance_id):
    record = ec2._instances.get_scoped(account, region, instance_id)
    return {"dnsName": record["PrivateDnsName"], "type": record["InstanceType"]}


OPERATIONS = {
    "timing": _set_timing,
    "functions": _set_functions,
    "create-role": _create_role,
    "delete-role": _delete_role,
    "patch-cluster": _patch_cluster,
    "patch-nodegroup": _patch_nodegroup,
    "refuse-launches": _refuse_launches,
    "replace-instance": _replace_instance,
    "launch-instance": _launch_instance,
    "read-group": _read_group,
    "list-instances": _list_instances,
}
