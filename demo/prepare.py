"""A nightly job tells OpenLineage what it does: raw files become what a model learns from, and is tested on."""

import inspect
import os
from datetime import datetime, timezone

import numpy
import pandas
from data_files import FOLDER, file_version
from openlineage.client import OpenLineageClient
from openlineage.client.event_v2 import InputDataset, Job, OutputDataset, Run, RunEvent, RunState
from openlineage.client.facet_v2 import (
    column_lineage_dataset,
    data_quality_metrics_input_dataset,
    dataset_version_dataset,
    documentation_dataset,
    documentation_job,
    input_statistics_input_dataset,
    job_type_job,
    output_statistics_output_dataset,
    ownership_job,
    parent_run,
    processing_engine_run,
    schema_dataset,
    set_producer,
    source_code_job,
)
from openlineage.client.uuid import generate_new_uuid

PRODUCER = "https://example.com/cairn-demo"
PLACE = FOLDER / "churn"
set_producer(PRODUCER)  # of the facets, too

transport = {"type": "http", "url": os.environ["MLFLOW_TRACKING_URI"], "compression": "gzip"}
if token := os.environ.get("MLFLOW_TRACKING_TOKEN"):
    transport["auth"] = {"type": "api_key", "apiKey": token}
client = OpenLineageClient(config={"transport": transport})


# --- What the job does ----------------------------------------------------------------------------------------------
def raw():
    """What the shop's systems left in the night: customers, and their calls. Always the same, some of it unusable."""
    chance = numpy.random.default_rng(0)
    count = 1200
    months = chance.integers(0, 72, count)
    charge = chance.normal(62, 24, count).clip(15).round(2)
    calls = chance.poisson(1.4, count)
    restless = 1.1 + 0.5 * calls + 0.02 * charge - 0.07 * months + chance.normal(0, 0.9, count)
    customers = pandas.DataFrame(
        {
            "customer": numpy.arange(1, count + 1),
            "since_months": numpy.where(chance.random(count) < 0.02, -1, months),
            "plan": chance.choice(["basic", "plus", "family"], count, p=[0.5, 0.3, 0.2]),
            "monthly_charge": charge,
            "email": [f"customer{number}@shop.example" for number in range(1, count + 1)],
            "left": (restless > 1.5).astype(int),
        }
    )
    rows = numpy.repeat(customers["customer"].to_numpy(), calls)
    visits = pandas.DataFrame({"customer": rows, "minutes": chance.exponential(7, len(rows)).round(1)})
    return customers, visits


def clean(customers, visits):
    """One row for each customer whose contract has a length; nothing that names a person."""
    called = visits.groupby("customer")["minutes"].agg(calls="count", call_minutes="sum").reset_index()
    table = customers[customers["since_months"] >= 0].merge(called, on="customer", how="left")
    table = table.fillna({"calls": 0, "call_minutes": 0.0}).astype({"calls": "int64"})
    table["family_plan"] = (table["plan"] == "family").astype(int)
    table = table.rename(columns={"since_months": "months", "left": "target"})
    return table[["customer", "months", "monthly_charge", "family_plan", "calls", "call_minutes", "target"]]


def split(table):
    """60 % to learn from, 20 % to choose by, 20 % that nobody looks at before the end. A customer stays where it is."""
    bucket = (table["customer"] * 7919) % 10
    table = table.drop(columns="customer")
    return {
        "train": table[bucket < 6],
        "validation": table[(bucket == 6) | (bucket == 7)],
        "test": table[bucket > 7],
    }


# --- What it tells of it --------------------------------------------------------------------------------------------
def schema(frame):
    fields = [schema_dataset.SchemaDatasetFacetFields(name=name, type=str(kind)) for name, kind in frame.dtypes.items()]
    return schema_dataset.SchemaDatasetFacet(fields=fields)


def described(path, frame, text):
    facets = {
        "schema": schema(frame),
        "version": dataset_version_dataset.DatasetVersionDatasetFacet(datasetVersion=file_version(path)),
        "documentation": documentation_dataset.DocumentationDatasetFacet(description=text),
    }
    return {"namespace": "file", "name": str(path)}, facets


def read(path, frame, text):
    """A file that a job reads: how much it is, and what its columns hold."""
    named, facets = described(path, frame, text)
    size = {"rowCount": len(frame), "size": path.stat().st_size}
    columns = {
        name: data_quality_metrics_input_dataset.ColumnMetrics(
            nullCount=int(values.isna().sum()), distinctCount=int(values.nunique()), **figures(values)
        )
        for name, values in frame.items()
    }
    quality = data_quality_metrics_input_dataset.DataQualityMetricsInputDatasetFacet(
        rowCount=len(frame), bytes=size["size"], columnMetrics=columns
    )
    amount = input_statistics_input_dataset.InputStatisticsInputDatasetFacet(**size, fileCount=1)
    return InputDataset(**named, facets=facets, inputFacets={"dataQualityMetrics": quality, "inputStatistics": amount})


def figures(values):
    if not pandas.api.types.is_numeric_dtype(values):
        return {}
    return {"min": float(values.min()), "max": float(values.max()), "sum": float(values.sum())}


def wrote(path, frame, text, origins):
    """A file that a job wrote, and from which columns of which file each of its own was made."""
    named, facets = described(path, frame, text)
    fields = {
        column: column_lineage_dataset.Fields(
            inputFields=[
                column_lineage_dataset.InputField(
                    namespace="file",
                    name=str(source),
                    field=field,
                    transformations=[column_lineage_dataset.Transformation(type="DIRECT", subtype=how)],
                )
                for source, field, how in sources
            ]
        )
        for column, sources in origins.items()
    }
    facets["columnLineage"] = column_lineage_dataset.ColumnLineageDatasetFacet(fields=fields)
    amount = output_statistics_output_dataset.OutputStatisticsOutputDatasetFacet(
        rowCount=len(frame), size=path.stat().st_size, fileCount=1
    )
    return OutputDataset(**named, facets=facets, outputFacets={"outputStatistics": amount})


class Step:
    """A run of a job, from its START to its COMPLETE."""

    def __init__(self, name, text, kind, parent=None, code=None):
        self.run_id = str(generate_new_uuid())
        facets = {
            "documentation": documentation_job.DocumentationJobFacet(description=text),
            "jobType": job_type_job.JobTypeJobFacet(processingType="BATCH", integration="PYTHON", jobType=kind),
            "ownership": ownership_job.OwnershipJobFacet(
                owners=[ownership_job.Owner(name="team:data-platform", type="MAINTAINER")]
            ),
        }
        if code is not None:
            facets["sourceCode"] = source_code_job.SourceCodeJobFacet(language="PYTHON", sourceCode=code)
        self.job = Job(namespace="demo", name=name, facets=facets)
        about = {
            "processing_engine": processing_engine_run.ProcessingEngineRunFacet(
                name="pandas", version=pandas.__version__
            )
        }
        if parent is not None:
            about["parent"] = parent_run.ParentRunFacet(
                run=parent_run.Run(runId=parent.run_id),
                job=parent_run.Job(namespace=parent.job.namespace, name=parent.job.name),
            )
        self.run = Run(runId=self.run_id, facets=about)
        self.tell(RunState.START)

    def tell(self, state, inputs=(), outputs=()):
        now = datetime.now(timezone.utc).isoformat()
        event = {"eventType": state, "eventTime": now, "run": self.run, "job": self.job, "producer": PRODUCER}
        client.emit(RunEvent(**event, inputs=list(inputs), outputs=list(outputs)))


# --- One night ------------------------------------------------------------------------------------------------------
(PLACE / "raw").mkdir(parents=True, exist_ok=True)
files = {name: PLACE / "raw" / f"{name}.csv" for name in ["customers", "visits"]}
for path, frame in zip(files.values(), raw()):
    frame.to_csv(path, index=False)
about_raw = {"customers": "Contracts as the shop exports them.", "visits": "Calls to the hotline, one row each."}

night = Step("churn.nightly", "Prepares the data of the churn model, every night.", "DAG")

step = Step("churn.clean", clean.__doc__, "TASK", night, inspect.getsource(clean))
frames = {name: pandas.read_csv(path) for name, path in files.items()}
table = clean(**frames)
cleaned = PLACE / "customers.parquet"
table.to_parquet(cleaned, index=False)
customers, visits = files["customers"], files["visits"]
origins = {
    "customer": [(customers, "customer", "IDENTITY")],
    "months": [(customers, "since_months", "IDENTITY")],
    "monthly_charge": [(customers, "monthly_charge", "IDENTITY")],
    "family_plan": [(customers, "plan", "TRANSFORMATION")],
    "calls": [(visits, "minutes", "AGGREGATION")],
    "call_minutes": [(visits, "minutes", "AGGREGATION")],
    "target": [(customers, "left", "IDENTITY")],
}
step.tell(
    RunState.COMPLETE,
    [read(files[name], frames[name], about_raw[name]) for name in files],
    [wrote(cleaned, table, clean.__doc__, origins)],
)

step = Step("churn.split", split.__doc__, "TASK", night, inspect.getsource(split))
about_parts = {
    "train": "What models of churn learn from.",
    "validation": "What models of churn are chosen by.",
    "test": "Held out: what a model of churn is judged by, once.",
}
outputs = []
for name, rows in split(pandas.read_parquet(cleaned)).items():
    path = PLACE / f"{name}.parquet"
    rows.to_parquet(path, index=False)
    same = {column: [(cleaned, column, "IDENTITY")] for column in rows}
    outputs.append(wrote(path, rows, about_parts[name], same))
step.tell(RunState.COMPLETE, [read(cleaned, table, clean.__doc__)], outputs)

night.tell(RunState.COMPLETE)
client.close()
