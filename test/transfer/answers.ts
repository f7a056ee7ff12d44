/** What a server of MLflow's REST says of everything that it holds: question → answer, lists in an order of their own. */

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };
// biome-ignore lint/suspicious/noExplicitAny: answers of many shapes
type Answer = any;

/**
 * Every experiment, run, history, logged model and folder of artifacts. `each`: of every so many-th run, in the order of their
 * ids, what takes requests of its own.
 */
export async function answersOf(url: string, each = 1): Promise<ReadonlyMap<string, Json>> {
  const found = new Map<string, Json>();
  const ask = async (path: string, body?: unknown): Promise<Answer> => {
    const response = await fetch(`${url}/api/2.0/mlflow/${path}`, {
      ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
      headers: { 'content-type': 'application/json' },
    });
    return response.json();
  };
  const { experiments } = await ask('experiments/search', { max_results: 1000, view_type: 'ALL' });
  for (const experiment of experiments) {
    found.set(`experiment ${experiment.experiment_id}`, plain(experiment));
    const ids = [experiment.experiment_id];
    const search = { experiment_ids: ids, run_view_type: 'ALL', max_results: 10_000 };
    const runs: Answer[] = (await ask('runs/search', search)).runs ?? [];
    runs.sort((a, b) => (a.info.run_id < b.info.run_id ? -1 : 1));
    for (const [index, run] of runs.entries()) {
      const id = run.info.run_id;
      found.set(`found ${id}`, plain(asFound(run)));
      if (index % each !== 0) continue;
      found.set(`run ${id}`, plain((await ask(`runs/get?run_id=${id}`)).run));
      for (const { key } of run.data.metrics ?? []) {
        const query = new URLSearchParams({ run_id: id, metric_key: key, max_results: '25000' });
        found.set(`history ${id} ${key}`, plain((await ask(`metrics/get-history?${query}`)).metrics));
      }
      for (const folder of ['', 'deep'])
        found.set(
          `files ${id} ${folder}`,
          plain((await ask(`artifacts/list?run_id=${id}&path=${folder}`)).files ?? []),
        );
    }
    const models = (await ask('logged-models/search', { experiment_ids: ids, max_results: 50 })).models ?? [];
    for (const model of models) found.set(`model ${model.info.model_id}`, plain(model));
  }
  for (const model of (await ask('registered-models/search')).registered_models ?? []) {
    found.set(`registered ${model.name}`, plain(model));
    const query = new URLSearchParams({ filter: `name='${model.name}'` });
    found.set(`versions ${model.name}`, plain((await ask(`model-versions/search?${query}`)).model_versions));
  }
  return found;
}

/** MLflow's searches leave out which models a run read. */
function asFound(run: Answer): Answer {
  const { model_inputs: _, ...inputs } = run.inputs ?? {};
  return { ...run, inputs };
}

/** Lists as sets: MLflow gives them in the order of its database. */
function plain(value: Answer): Json {
  if (Array.isArray(value)) {
    const items = value.map(plain).map((item) => [JSON.stringify(item), item] as const);
    return items.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
  }
  if (typeof value !== 'object' || value === null) return value;
  const names = Object.keys(value).sort();
  return Object.fromEntries(names.map((name) => [name, plain(value[name])]));
}
