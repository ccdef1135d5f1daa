"""Lints IAM policies: a JSON list of policy documents (texts) on stdin, a list of lists of findings on stdout.

parliament's own command refuses to run where stdin is not a terminal, so its library is called.
"""

import json
import sys

from parliament import analyze_policy_string

json.dump(
    [
        [
            {"issue": finding.issue, "detail": str(finding.detail), "location": str(finding.location)}
            for finding in analyze_policy_string(policy).findings
        ]
        for policy in json.load(sys.stdin)
    ],
    sys.stdout,
)
