"""Evaluates IAM conditions: a JSON list of requests on stdin, a list of booleans on stdout.

A request has a condition (Common Expression Language) and the resource's `type` and `name`. The evaluation is that of cel-python: nothing
of it is ours.
"""

import json
import sys

import celpy

ENVIRONMENT = celpy.Environment()


def holds(request):
    program = ENVIRONMENT.program(ENVIRONMENT.compile(request["condition"]))
    return bool(program.evaluate({"resource": celpy.json_to_cel(request["resource"])}))


json.dump([holds(request) for request in json.load(sys.stdin)], sys.stdout)
