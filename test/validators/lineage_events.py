"""Takes events as the OpenLineage client's own classes, and sends them through it. Arguments: file of events, file to send them to."""

import json
import sys
import types
import typing
from enum import Enum

import attr
from openlineage.client import OpenLineageClient, event_v2, facet_v2
from openlineage.client.generated import base
from openlineage.client.transport.file import FileConfig, FileTransport

FACETS = {
    "columnLineage": facet_v2.column_lineage_dataset.ColumnLineageDatasetFacet,
    "dataQualityAssertions": facet_v2.data_quality_assertions_dataset.DataQualityAssertionsDatasetFacet,
    "documentation": facet_v2.documentation_dataset.DocumentationDatasetFacet,
    "errorMessage": facet_v2.error_message_run.ErrorMessageRunFacet,
    "inputStatistics": facet_v2.input_statistics_input_dataset.InputStatisticsInputDatasetFacet,
    "jobType": facet_v2.job_type_job.JobTypeJobFacet,
    "nominalTime": facet_v2.nominal_time_run.NominalTimeRunFacet,
    "outputStatistics": facet_v2.output_statistics_output_dataset.OutputStatisticsOutputDatasetFacet,
    "ownership": facet_v2.ownership_dataset.OwnershipDatasetFacet,
    "parent": facet_v2.parent_run.ParentRunFacet,
    "schema": facet_v2.schema_dataset.SchemaDatasetFacet,
    "sql": facet_v2.sql_job.SQLJobFacet,
}


def taken(kind, value):
    """A JSON value as a class of the client's; what the class does not know raises."""
    if value is None or kind is typing.Any:
        return value
    origin, parts = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        return taken(next(part for part in parts if part is not type(None)), value)
    if origin is list:
        return [taken(parts[0], each) for each in value]
    if origin is dict and isinstance(parts[1], type) and issubclass(parts[1], base.BaseFacet):
        return {name: taken(FACETS[name], each) for name, each in value.items()}
    if origin is dict:
        return {name: taken(parts[1], each) for name, each in value.items()}
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(value)
    if not attr.has(kind):
        assert isinstance(value, kind), f"{value!r} is no {kind}"
        return value
    attr.resolve_types(kind)
    known = {field.name: field for field in attr.fields(kind)}
    given = {name: each for name, each in value.items() if name not in ("_schemaURL", "schemaURL")}
    assert set(given) <= set(known), f"{kind.__name__} does not know {set(given) - set(known)}"
    made = kind(**{known[name].alias: taken(known[name].type, each) for name, each in given.items()})
    schema = value.get("_schemaURL", value.get("schemaURL"))
    assert schema is None or schema == kind._get_schema(), f"{schema} is not {kind._get_schema()}"
    return made


with open(sys.argv[1]) as lines:
    events = [taken(event_v2.RunEvent, json.loads(line)) for line in lines]
client = OpenLineageClient(transport=FileTransport(FileConfig(log_file_path=sys.argv[2], append=True)))
for event in events:
    client.emit(event)
print(json.dumps(len(events)))
