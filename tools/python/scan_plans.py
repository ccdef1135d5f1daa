"""Scans Terraform plans with checkov: the path of a plan's JSON on each line of stdin, its findings on a line of stdout.

checkov's own command takes three seconds to load its checks, and a fraction of one for a plan.
"""

import json
import logging
import sys

# A check that fails on a value of ours says so with a stack of calls; it counts as not done.
logging.disable(logging.ERROR)

from checkov.runner_filter import RunnerFilter  # noqa: E402
from checkov.terraform.plan_runner import Runner  # noqa: E402

for line in sys.stdin:
    report = Runner().run(
        root_folder=None,
        files=[line.strip()],
        runner_filter=RunnerFilter(framework=["terraform_plan"]),
    )
    print(
        json.dumps(
            {
                **report.get_summary(),
                "findings": [
                    {"id": each.check_id, "title": each.check_name, "resource": each.resource}
                    for each in report.failed_checks
                ],
            }
        ),
        flush=True,
    )
