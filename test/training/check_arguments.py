"""Holds what a pipeline would ask of SageMaker to AWS's own description of that API: reads {step: [operation, arguments]}, prints what is wrong."""

import json
import sys

import botocore.session
from botocore.validate import ParamValidator

model = botocore.session.get_session().get_service_model("sagemaker")
faults = {}
for step, (operation, arguments) in json.load(sys.stdin).items():
    shape = model.operation_model(operation).input_shape
    report = ParamValidator().validate(arguments, shape)
    if report.has_errors():
        faults[step] = report.generate_report()
print(json.dumps(faults))
