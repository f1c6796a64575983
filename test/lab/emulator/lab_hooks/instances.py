"""Instances of Auto Scaling groups that EC2 shows too. Stock MiniStack keeps them in the group alone."""

import itertools
import time

from ministack.core.responses import get_region, new_uuid
from ministack.services import ec2

from .timing import TIMING, later

_ADDRESSES = itertools.count(16)
DEFAULT_INSTANCE_TYPE = "m6i.xlarge"


def install():
    stock_matches = ec2._matches_filters
    # Stock MiniStack takes a filter that it does not know for one that matches.
    ec2._matches_filters = lambda instance, filters: (
        instance["InstanceId"] in filters.get("instance-id", [instance["InstanceId"]])
        and instance["Placement"]["AvailabilityZone"] in filters.get("availability-zone",
                                                                     [instance["Placement"]["AvailabilityZone"]])
        and stock_matches(instance, filters)
    )


def active(group):
    """The instances that count towards the group's size."""
    return [i for i in group["Instances"] if not i["LifecycleState"].startswith("Terminating")]


def launch(group):
    """Starts one instance in the emptiest zone: Pending first, InService after a while."""
    zone = min(group["AvailabilityZones"], key=lambda z: sum(i["AvailabilityZone"] == z for i in active(group)))
    instance = {
        "InstanceId": "i-" + new_uuid().replace("-", "")[:17],
        "LifecycleState": "Pending",
        "HealthStatus": "Healthy",
        "AvailabilityZone": zone,
        "ProtectedFromScaleIn": group["NewInstancesProtectedFromScaleIn"],
        "LaunchTemplate": group.get("LaunchTemplate") or {},
        "LaunchConfigurationName": group.get("LaunchConfigurationName", ""),
    }
    group["Instances"].append(instance)
    record = _ec2_record(instance["InstanceId"], zone, group.get("_instance_type", DEFAULT_INSTANCE_TYPE))
    ec2._instances[record["InstanceId"]] = record
    ec2._tags[record["InstanceId"]] = _tags(group)

    def in_service():
        if instance["LifecycleState"] == "Pending":
            instance["LifecycleState"] = "InService"
            record["State"] = {"Code": 16, "Name": "running"}

    later(TIMING["launch"], in_service)
    return instance


def terminate(group, instance):
    """Ends one instance: Terminating first, gone from the group and `terminated` in EC2 after a while."""
    instance["LifecycleState"] = "Terminating"
    record = ec2._instances.get(instance["InstanceId"])
    if record:
        record["State"] = {"Code": 32, "Name": "shutting-down"}

    def gone():
        if instance in group["Instances"]:
            group["Instances"].remove(instance)
        if record:
            record["State"] = {"Code": 48, "Name": "terminated"}
            record["_terminated_at"] = time.time()

    later(TIMING["terminate"], gone)


def _tags(group):
    inherited = {t["Key"]: t["Value"] for t in group.get("Tags", []) if t.get("PropagateAtLaunch")}
    inherited["aws:autoscaling:groupName"] = group["AutoScalingGroupName"]
    return [{"Key": key, "Value": value} for key, value in inherited.items()]


def _ec2_record(instance_id, zone, instance_type):
    number = next(_ADDRESSES)
    address = f"10.0.{number >> 8 & 255}.{number & 255}"
    dashed = address.replace(".", "-")
    return {
        "InstanceId": instance_id,
        "ImageId": "ami-00000000",
        "InstanceType": instance_type,
        "KeyName": "",
        "State": {"Code": 0, "Name": "pending"},
        "SubnetId": ec2._DEFAULT_SUBNET_ID,
        "VpcId": ec2._DEFAULT_VPC_ID,
        "PrivateIpAddress": address,
        "PublicIpAddress": "",
        "PrivateDnsName": f"ip-{dashed}.{get_region()}.compute.internal",
        "PublicDnsName": "",
        "SecurityGroups": [],
        "Architecture": "x86_64",
        "RootDeviceType": "ebs",
        "RootDeviceName": "/dev/xvda",
        "Hypervisor": "xen",
        "Virtualization": "hvm",
        "Placement": {"AvailabilityZone": zone, "Tenancy": "default"},
        "Monitoring": {"State": "disabled"},
        "AmiLaunchIndex": 0,
        "LaunchTime": ec2._now_ts(),
        "BlockDeviceMappings": [],
    }
