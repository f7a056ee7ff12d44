"""Events of OpenLineage through the untouched client: over HTTP, asynchronously, compressed, with an API key. What was sent
is read back from the server. Prints what it saw, as JSON."""

import json
import os
import uuid
from urllib.parse import quote

import requests
from openlineage.client import OpenLineageClient
from openlineage.client.event_v2 import (
    Dataset,
    DatasetEvent,
    InputDataset,
    Job,
    JobEvent,
    OutputDataset,
    Run,
    RunEvent,
    RunState,
)
from openlineage.client.facet_v2 import (
    column_lineage_dataset,
    dataset_version_dataset,
    documentation_dataset,
    parent_run,
    schema_dataset,
    sql_job,
)

server = os.environ["CAIRN_URL"]
token = os.environ["CAIRN_TOKEN"]
producer = "https://example.com/conformance"


def get(path):
    answer = requests.get(f"{server}/api/v1/{path}", headers={"Authorization": f"Bearer {token}"}, timeout=30)
    answer.raise_for_status()
    return answer.json()


def client(kind, **options):
    transport = {"type": kind, "url": server, "auth": {"type": "api_key", "apiKey": token}, **options}
    return OpenLineageClient(config={"transport": transport})


def pipeline(name, emit):
    """A job with two tasks: the second reads what the first wrote."""
    parent = str(uuid.uuid4())
    root = Job(namespace="conformance", name=name)

    def event(state, second, run, job, inputs=(), outputs=()):
        emit(
            RunEvent(
                eventType=state,
                eventTime=f"2026-11-02T00:00:{second:02}.123456Z",
                run=run,
                job=job,
                producer=producer,
                inputs=list(inputs),
                outputs=list(outputs),
            )
        )

    facets = {
        "parent": parent_run.ParentRunFacet(
            run=parent_run.Run(runId=parent), job=parent_run.Job(namespace=root.namespace, name=root.name)
        )
    }
    schema = schema_dataset.SchemaDatasetFacet(fields=[schema_dataset.SchemaDatasetFacetFields(name="id", type="bigint")])
    raw = InputDataset(
        namespace="postgres://db:5432",
        name=f"shop.{name}.raw",
        facets={"schema": schema, "version": dataset_version_dataset.DatasetVersionDatasetFacet(datasetVersion="7")},
    )
    lineage = column_lineage_dataset.ColumnLineageDatasetFacet(
        fields={
            "id": column_lineage_dataset.Fields(
                inputFields=[column_lineage_dataset.InputField(namespace=raw.namespace, name=raw.name, field="id")],
            )
        }
    )
    made = {"namespace": "s3://conformance", "name": name}
    event(RunState.START, 0, Run(runId=parent), root)
    first, second = Run(runId=str(uuid.uuid4()), facets=facets), Run(runId=str(uuid.uuid4()), facets=facets)
    write = Job(namespace="conformance", name=f"{name}.write", facets={"sql": sql_job.SQLJobFacet(query="SELECT id FROM raw")})
    read = Job(namespace="conformance", name=f"{name}.read")
    output = OutputDataset(**made, facets={"schema": schema, "columnLineage": lineage})
    event(RunState.START, 1, first, write, [raw], [output])
    event(RunState.RUNNING, 2, first, write, [raw], [output])
    event(RunState.COMPLETE, 3, first, write, [raw], [output])
    event(RunState.START, 4, second, read, [InputDataset(**made)])
    event(RunState.FAIL, 5, second, read, [InputDataset(**made)])
    event(RunState.COMPLETE, 6, Run(runId=parent), root)
    emit(
        JobEvent(
            eventTime="2026-11-02T00:00:10Z",
            job=Job(namespace="conformance", name=f"{name}.declared"),
            producer=producer,
            inputs=[InputDataset(**made)],
        )
    )
    emit(
        DatasetEvent(
            eventTime="2026-11-02T00:00:11Z",
            producer=producer,
            dataset=Dataset(
                **made,
                facets={"documentation": documentation_dataset.DocumentationDatasetFacet(description="Made here.")},
            ),
        )
    )


def check(name):
    """What the server tells of the pipeline."""

    def run(job):
        jobs = [one for one in get(f"jobs?search={quote(job)}")["items"] if one["name"] == job]
        (latest,) = get(f"job-runs?job={jobs[0]['uid']}")["items"]
        return get(f"job-runs/{latest['uid']}")

    top, wrote, read = run(name), run(f"{name}.write"), run(f"{name}.read")
    (source,), (target,) = wrote["inputs"], wrote["outputs"]
    (columns,) = get(f"dataset-versions/{target['version']['uid']}/columns")["items"]
    facets = get(f"datasets/{target['dataset']['uid']}/facets")["items"]
    return {
        "states": [top["state"], wrote["state"], read["state"]],
        "told": [state["type"] for state in wrote["states"]],
        "parents": [wrote["parents"][0]["uid"] == top["uid"], read["parents"][0]["uid"] == top["uid"]],
        "named": [source["named"], source["version"]["rule"]],
        "bound": read["inputs"][0]["version"]["uid"] == target["version"]["uid"],
        "columns": [columns["source"]["field"], columns["target"]["field"]],
        "facets": sorted(facet["key"] for facet in facets),
        "events": len(get(f"job-runs/{wrote['uid']}/events")["items"]),
    }


seen = {}
ways = {
    "http": ("http", {}),
    "gzip": ("http", {"compression": "gzip"}),
    "async": ("async_http", {}),
    "async-gzip": ("async_http", {"compression": "gzip"}),
}
for name, (kind, options) in ways.items():
    sender = client(kind, **options)
    pipeline(name, sender.emit)
    if kind == "async_http":
        assert sender.transport.wait_for_completion(timeout=60), "events were left"
        stats = sender.transport.get_stats()
        assert stats["failed"] == 0, stats
    sender.close()
    seen[name] = check(name)

stranger = OpenLineageClient(config={"transport": {"type": "http", "url": server}})
try:
    pipeline("stranger", stranger.emit)
    raise AssertionError("a client without the key was let in")
except requests.HTTPError as error:
    assert error.response.status_code == 401, error

print(json.dumps(seen))
