"""EKS as AWS behaves: node groups own an Auto Scaling group, updates take time, exclude each other and know bounds.

Stock MiniStack has no UpdateNodegroupConfig, DescribeUpdate and ListUpdates, and its node groups are hollow.
"""

import json
import re

from ministack.services import autoscaling
from ministack.services import eks as stock

from .timing import LOCK, TIMING, later

DEFAULT_SCALING = {"minSize": 1, "maxSize": 2, "desiredSize": 2}

# (account, cluster, node group, update id) -> update
_updates = {}
# (account, cluster, node group, client request token) -> update, so that a repeated request is the same request
_by_token = {}


def install():
    create_nodegroup = stock._create_nodegroup
    create_access_entry = stock._create_access_entry
    route = stock._handle_request_sync
    stock._create_nodegroup = lambda cluster, body: _create_nodegroup(cluster, body, create_nodegroup)
    stock._create_access_entry = lambda cluster, body: _create_access_entry(cluster, body, create_access_entry)
    stock._handle_request_sync = lambda *request: _route(request, route)


def _route(request, stock_route):
    method, path, _headers, body, query = request
    if method == "POST" and (m := re.fullmatch(r"/clusters/([\w-]+)/node-groups/([\w-]+)/update-config", path)):
        return _update_nodegroup(m[1], m[2], json.loads(body or b"{}"))
    if method == "POST" and (m := re.fullmatch(r"/clusters/([\w-]+)/update-config", path)):
        return _update_cluster(m[1], json.loads(body or b"{}"))
    if method == "GET" and (m := re.fullmatch(r"/clusters/([\w-]+)/updates(?:/([\w-]+))?", path)):
        nodegroup = query.get("nodegroupName")
        return _read_updates(m[1], m[2], nodegroup[0] if isinstance(nodegroup, list) else nodegroup)
    with LOCK:
        return stock_route(*request)


def _problem(code, status, message):
    return stock._error(status, code, message)


def bounds_problem(scaling):
    low, desired, high = scaling["minSize"], scaling["desiredSize"], scaling["maxSize"]
    if high < 1:
        return "maxSize must be greater than or equal to 1"
    if low > desired:
        return f"Minimum capacity {low} can't be greater than desired size {desired}"
    if desired > high:
        return f"desired capacity {desired} can't be greater than max size {high}"
    return None


# --- node groups -------------------------------------------------------------------------------------------------


def _create_nodegroup(cluster, body, create):
    body["scalingConfig"] = scaling = {**DEFAULT_SCALING, **(body.get("scalingConfig") or {})}
    if problem := bounds_problem(scaling):
        return _problem("InvalidParameterException", 400, problem)
    status, headers, answer = create(cluster, body)
    if status == 200:
        _create_auto_scaling_group(cluster, stock._nodegroups[f"{cluster}/{body['nodegroupName']}"], body)
    return status, headers, answer


def _create_auto_scaling_group(cluster, nodegroup, body):
    name = auto_scaling_group(nodegroup)
    tags = {**nodegroup["tags"], "eks:cluster-name": cluster, "eks:nodegroup-name": nodegroup["nodegroupName"],
            f"kubernetes.io/cluster/{cluster}": "owned"}
    # The subnets' zones: the lab names its subnets after them.
    zones = [s.removeprefix("subnet-") for s in body.get("subnets", [])]
    params = {"AutoScalingGroupName": name, **_sizes({**nodegroup["scalingConfig"], "desiredSize": 0, "minSize": 0})}
    params |= {f"AvailabilityZones.member.{i}": zone for i, zone in enumerate(zones, 1)}
    for i, (key, value) in enumerate(tags.items(), 1):
        params |= {f"Tags.member.{i}.Key": key, f"Tags.member.{i}.Value": value,
                   f"Tags.member.{i}.PropagateAtLaunch": "true"}
    autoscaling._ACTION_MAP["CreateAutoScalingGroup"](params)
    autoscaling._asgs[name]["_instance_type"] = nodegroup["instanceTypes"][0]
    _resize(name, nodegroup["scalingConfig"])


def auto_scaling_group(nodegroup):
    return nodegroup["resources"]["autoScalingGroups"][0]["name"]


def _sizes(scaling):
    return {"MinSize": str(scaling["minSize"]), "MaxSize": str(scaling["maxSize"]),
            "DesiredCapacity": str(scaling["desiredSize"])}


def _resize(name, scaling):
    autoscaling._ACTION_MAP["UpdateAutoScalingGroup"]({"AutoScalingGroupName": name, **_sizes(scaling)})


# --- updates -----------------------------------------------------------------------------------------------------


def _update_nodegroup(cluster, name, body):
    with LOCK:
        nodegroup = stock._nodegroups.get(f"{cluster}/{name}")
        if cluster not in stock._clusters:
            return _problem("ResourceNotFoundException", 404, f"No cluster found for name: {cluster}.")
        if not nodegroup:
            return _problem("ResourceNotFoundException", 404, f"No node group found for name: {name}.")
        token = (stock.get_account_id(), cluster, name, body.get("clientRequestToken"))
        if token[3] and token in _by_token:
            return stock._json_resp(200, {"update": _by_token[token]})
        if nodegroup["status"] != "ACTIVE":
            return _problem("ResourceInUseException", 409,
                            "Nodegroup cannot be updated as it is currently not in Active State")
        change = body.get("scalingConfig") or {}
        scaling = {**nodegroup["scalingConfig"], **change}
        if problem := bounds_problem(scaling):
            return _problem("InvalidParameterException", 400, problem)
        update = _by_token[token] = begin_update(cluster, nodegroup, change)
        nodegroup["scalingConfig"] = scaling
    later(TIMING["update"], lambda: _finish(nodegroup, update, scaling))
    return stock._json_resp(200, {"update": update})


def _update_cluster(name, body):
    """Auto Mode's built-in pools: the cluster is busy while they are switched, and its three parts go together."""
    with LOCK:
        cluster = stock._clusters.get(name)
        if not cluster:
            return _problem("ResourceNotFoundException", 404, f"No cluster found for name: {name}.")
        token = (stock.get_account_id(), name, None, body.get("clientRequestToken"))
        if token[3] and token in _by_token:
            return stock._json_resp(200, {"update": _by_token[token]})
        if cluster["status"] != "ACTIVE":
            return _problem("ResourceInUseException", 409, f"Cluster cannot be updated as it is {cluster['status']}")
        if problem := _auto_mode_problem(body):
            return _problem("InvalidParameterException", 400, problem)
        update = {"id": stock.new_uuid(), "status": "InProgress", "type": "AutoModeUpdate", "createdAt": stock._now(),
                  "errors": [], "params": []}
        _by_token[token] = _updates[(stock.get_account_id(), name, None, update["id"])] = update
        cluster["status"] = "UPDATING"

    def finish():
        cluster["computeConfig"] = body["computeConfig"]
        cluster["status"] = "ACTIVE"
        update["status"] = "Successful"

    later(TIMING["update"], finish)
    return stock._json_resp(200, {"update": update})


def _auto_mode_problem(body):
    compute = body.get("computeConfig") or {}
    together = (compute.get("enabled"), body.get("kubernetesNetworkConfig", {}).get("elasticLoadBalancing", {}).get("enabled"),
                body.get("storageConfig", {}).get("blockStorage", {}).get("enabled"))
    if together != (True, True, True):
        return "For EKS Auto Mode, please ensure that all required configs, including computeConfig, " \
               "kubernetesNetworkConfig, and blockStorage are all either fully enabled or fully disabled."
    if bool(compute.get("nodePools")) != bool(compute.get("nodeRoleArn")):
        return "When Compute Config nodeRoleArn is not null or empty, nodePool value(s) must be provided."
    return None


def begin_update(cluster, nodegroup, change):
    """Makes the node group busy and gives the update that does so."""
    nodegroup["status"], nodegroup["modifiedAt"] = "UPDATING", stock._now()
    update = {
        "id": stock.new_uuid(), "status": "InProgress", "type": "ConfigUpdate", "createdAt": stock._now(), "errors": [],
        "params": [{"type": key[0].upper() + key[1:], "value": str(value)} for key, value in change.items()],
    }
    _updates[(stock.get_account_id(), cluster, nodegroup["nodegroupName"], update["id"])] = update
    return update


def end_updates(cluster, nodegroup):
    """Ends whatever update is in progress and makes the node group free."""
    nodegroup["status"] = "ACTIVE"
    for (account, owner, name, _), update in _updates.items():
        if (account, owner, name) == (stock.get_account_id(), cluster, nodegroup["nodegroupName"]):
            update["status"] = "Successful"


def _finish(nodegroup, update, scaling):
    # The Auto Scaling group follows at the very end: an ACTIVE node group says nothing of its instances.
    _resize(auto_scaling_group(nodegroup), scaling)
    nodegroup["status"] = "ACTIVE"
    update["status"] = "Successful"


def _read_updates(cluster, update_id, nodegroup):
    found = {key[3]: update for key, update in _updates.items()
             if key[:2] == (stock.get_account_id(), cluster) and nodegroup in (None, key[2])}
    if not update_id:
        return stock._json_resp(200, {"updateIds": list(found)})
    if update_id not in found:
        return _problem("ResourceNotFoundException", 404, f"No update found for ID: {update_id}")
    return stock._json_resp(200, {"update": found[update_id]})


# --- access entries ----------------------------------------------------------------------------------------------


def _create_access_entry(cluster, body, create):
    record = stock._clusters.get(cluster) or {}
    if record.get("accessConfig", {}).get("authenticationMode") == "CONFIG_MAP":
        return _problem("InvalidRequestException", 400, "The cluster's authentication mode must be set to one of "
                                                        "[API, API_AND_CONFIG_MAP] to perform this operation.")
    return create(cluster, body)
