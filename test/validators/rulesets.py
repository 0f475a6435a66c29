"""Parses rulesets with the parser of AWS. Arguments: folder of rulesets, java, class path."""

import json
import pathlib
import sys

from py4j.java_gateway import GatewayParameters, JavaGateway, launch_gateway
from py4j.protocol import Py4JJavaError

folder, java, class_path = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
port = launch_gateway(java_path=java, classpath=class_path, die_on_exit=True)
gateway = JavaGateway(gateway_parameters=GatewayParameters(port=port))
parser = gateway.jvm.software.amazon.glue.dqdl.parser.DQDLParser()


def parsed(path):
    try:
        rules = parser.parse(path.read_text()).getRules()
    except Py4JJavaError as error:
        return {"refused": str(error.java_exception)}
    return {"rules": [f"{rule.getRuleType()} {' '.join(rule.getParameters().values())}".strip() for rule in rules]}


print(json.dumps({path.name.removesuffix(".dqdl"): parsed(path) for path in sorted(folder.glob("*.dqdl"))}))
gateway.shutdown()
