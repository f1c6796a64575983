"""AssumeRole works only for roles that exist. Stock MiniStack checks that only when all of IAM is enforced."""

import json

from ministack.core.responses import set_request_account_id
from ministack.services import iam, sts

_TRUST_EVERYBODY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}],
}


def install():
    assumed_arn = sts._assumed_role_arn

    def checked(role_arn, session_name):
        arn, problem = assumed_arn(role_arn, session_name)
        if not problem and not _exists(role_arn):
            return None, sts._error(403, "AccessDenied", f"User is not authorized to perform: sts:AssumeRole on "
                                                         f"resource: {role_arn}", ns="sts")
        return arn, problem

    sts._assumed_role_arn = checked


def _parts(role_arn):
    return role_arn.split(":")[4], role_arn.rsplit("/", 1)[-1]


def _exists(role_arn):
    account, name = _parts(role_arn)
    return iam._roles.get_scoped(account, None, name) is not None


def create(role_arn):
    account, name = _parts(role_arn)
    set_request_account_id(account)
    iam._create_role({"RoleName": name, "AssumeRolePolicyDocument": json.dumps(_TRUST_EVERYBODY)})


def delete(role_arn):
    account, name = _parts(role_arn)
    iam._roles.pop_scoped(account, None, name, None)
