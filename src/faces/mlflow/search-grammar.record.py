"""Asks the released MLflow what it makes of each filter and order of search-grammar.recorded.jsonl and writes its answers
beside them. Run with the Python of test/conformance/requirements/server-3.17.txt: `python search-grammar.record.py`.

A line is [language, text, "accepted", clauses] or [language, text, "refused", message]. A clause is (type, key,
comparator, value), of an order (type, key, ascending)."""

import json
import pathlib
import warnings

warnings.filterwarnings("ignore")

from mlflow.store.tracking import sqlalchemy_store as store
from mlflow.utils.search_utils import SearchExperimentsUtils, SearchUtils
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

file = pathlib.Path(__file__).with_name("search-grammar.recorded.jsonl")
session = Session(create_engine("sqlite://"))


def clauses(parsed):
    return [[clause["type"], clause["key"], clause["comparator"], clause["value"]] for clause in parsed]


def run_filter(text):
    parsed = SearchUtils.parse_search_filter(text)
    store._get_sqlalchemy_filter_clauses(parsed, session, "sqlite")
    return clauses(parsed)


def experiment_filter(text):
    parsed = SearchExperimentsUtils.parse_search_filter(text)
    store._get_search_experiments_filter_clauses(parsed, "sqlite")
    return clauses(parsed)


def run_order(keys):
    store._get_orderby_clauses(keys, session)
    return [list(SearchUtils.parse_order_by_for_search_runs(key)) for key in keys]


def experiment_order(keys):
    store._get_search_experiments_order_by_clauses(keys)
    return [list(SearchExperimentsUtils.parse_order_by_for_search_experiments(key)) for key in keys]


readers = {
    "run filter": run_filter,
    "experiment filter": experiment_filter,
    "run order": run_order,
    "experiment order": experiment_order,
}

lines = []
for line in file.read_text().splitlines():
    language, text = json.loads(line)[:2]
    try:
        answer = ["accepted", readers[language](text)]
    except Exception as error:
        # The lists of valid names are sets, whose order changes from run to run.
        answer = ["refused", str(getattr(error, "message", error)).split("{")[0]]
    lines.append(json.dumps([language, text, *answer], ensure_ascii=False))
file.write_text("\n".join(lines) + "\n")
