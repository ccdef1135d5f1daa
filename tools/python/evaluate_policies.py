"""Evaluates IAM policies: a JSON list of requests on stdin, a list of decisions (`PERMITTED`, `DENIED`, `NEUTRAL`) on stdout.

A request has the identity's policies (texts), an action, a resource and the values of condition keys. The evaluation is that of the emulator
of AWS, moto: nothing of it is ours.
"""

import json
import sys

from moto.iam.access_control import IAMPolicy, PermissionResult


def decision(request):
    results = [
        IAMPolicy(policy).is_action_permitted(
            request["action"], request["resource"], incoming_condition_values=request.get("conditions")
        )
        for policy in request["policies"]
    ]
    for result in (PermissionResult.DENIED, PermissionResult.PERMITTED):
        if result in results:
            return result.name
    return PermissionResult.NEUTRAL.name


json.dump([decision(request) for request in json.load(sys.stdin)], sys.stdout)
