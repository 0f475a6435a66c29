"""Lints and tests contracts against the lake that they name. Argument: folder of contracts."""

import json
import pathlib
import sys

from datacontract.data_contract import DataContract


def judged(path):
    contract = DataContract(data_contract_file=str(path), server="lake")
    lint = contract.lint()
    checks = [
        {
            "type": check.type,
            "field": check.field,
            "name": check.name,
            "result": check.result.value,
            "reason": check.reason,
            "found": (check.diagnostics or {}).get("value"),
        }
        for check in contract.test().checks
    ]
    return {"lint": lint.result.value, "checks": checks}


contracts = sorted(pathlib.Path(sys.argv[1]).glob("*.odcs.yaml"))
print(json.dumps({path.name.removesuffix(".odcs.yaml"): judged(path) for path in contracts}))
