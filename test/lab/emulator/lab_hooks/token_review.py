"""TokenReview for the API servers: only a real presigned EKS token of a principal with an access entry passes.

MiniStack verifies signatures well, but lets everybody in as cluster admin unless all of IAM is enforced (AUTH=true).
"""

from ministack.services import eks as stock


def install():
    stock._authenticate_token_review = _authenticate


def _authenticate(cluster_name, account_id, region, review, _route_secret=""):
    def refuse():
        return stock._token_review_response(review)

    found = stock._cluster_for_auth(cluster_name, account_id, region)
    token = (review.get("spec") or {}).get("token")
    credential = found and token and stock._verify_eks_token(token, cluster_name)
    if not credential or found[2].get("accessConfig", {}).get("authenticationMode") == "CONFIG_MAP":
        return refuse()
    entry = stock._access_entry_for_principal(cluster_name, account_id, region, credential.principal_arn)
    if not entry:
        return refuse()
    return stock._token_review_response(
        review,
        authenticated=True,
        username=_username(entry, credential.principal_arn),
        uid=credential.principal_id or credential.principal_arn,
        groups=["system:authenticated", *entry["kubernetesGroups"]],
    )


def _username(entry, principal_arn):
    template = entry.get("username") or principal_arn
    return template.replace("{{SessionName}}", principal_arn.rsplit("/", 1)[-1])
