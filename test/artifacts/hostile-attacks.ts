/** Every route that takes a path, an id or a name of something with artifacts, asked for by a name that is none. */

export interface Attack {
  readonly what: string;
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Names that the route takes for something harmless: a directory may end with a slash, and may be none. */
  readonly fine?: readonly string[];
}

/** What the attacks are made on. */
export interface Victims {
  readonly run: string;
  readonly model: string;
  /** An upload in parts, with the ticket of its only part. */
  readonly upload: string;
  readonly partTicket: string;
  /** Headers and address of a file that was handed out. */
  readonly version: { readonly path: string; readonly headers: Record<string, string> };
}

/** Every route that takes a path, an id or a name, with the name where it stands. */
export function attacks({ run, model, upload, partTicket, version }: Victims, name: string): Attack[] {
  const inUrl = (text: string) => encodeURIComponent(text);
  const json = { 'content-type': 'application/json' };
  const found: Attack[] = [];
  for (const api of ['/api', '/ajax-api']) {
    const artifacts = `${api}/2.0/mlflow-artifacts`;
    const below = `0/${run}/artifacts/`;
    for (const prefix of ['', below]) {
      const tree = `${artifacts}/artifacts/${prefix}${inUrl(name)}`;
      found.push(
        { what: 'download', method: 'GET', path: tree },
        { what: 'upload', method: 'PUT', path: tree, body: 'overwritten' },
        { what: 'delete', method: 'DELETE', path: tree, fine: ['a/'] },
        {
          what: 'list tree',
          method: 'GET',
          path: `${artifacts}/artifacts?path=${inUrl(prefix + name)}`,
          fine: ['a/'],
        },
        { what: 'presigned', method: 'GET', path: `${artifacts}/presigned/${prefix}${inUrl(name)}` },
      );
      for (const step of ['create', 'complete', 'abort']) {
        const body = JSON.stringify({ path: 'a', num_parts: 1, upload_id: upload, parts: [] });
        found.push({
          what: `mpu ${step}`,
          method: 'POST',
          path: `${artifacts}/mpu/${step}/${prefix}${inUrl(name)}`,
          headers: json,
          body,
          fine: ['a/'],
        });
      }
    }
    for (const step of ['complete', 'abort']) {
      const about = (path: string, id: string) =>
        JSON.stringify({ path, upload_id: id, parts: [{ part_number: 1, etag: '0'.repeat(64) }] });
      const target = `${artifacts}/mpu/${step}/${below.slice(0, -1)}`;
      found.push(
        { what: `mpu ${step}, file`, method: 'POST', path: target, headers: json, body: about(name, upload) },
        { what: `mpu ${step}, upload`, method: 'POST', path: target, headers: json, body: about('a', name) },
      );
    }
    const ofModel = `${api}/2.0/mlflow/logged-models`;
    found.push({
      what: 'list of a model',
      method: 'GET',
      path: `${ofModel}/${model}/artifacts/directories?artifact_directory_path=${inUrl(name)}`,
      fine: ['a/'],
    });
    for (const id of ['run_id', 'run_uuid']) {
      found.push({
        what: 'list of a run',
        method: 'GET',
        path: `${api}/2.0/mlflow/artifacts/list?${id}=${run}&path=${inUrl(name)}`,
        fine: ['a/'],
      });
    }
    for (const way of ['upload', 'download']) {
      const body = JSON.stringify({ run_id: run, path: name });
      found.push({
        what: 'presigned url',
        method: 'POST',
        path: `${api}/2.0/mlflow/artifacts/presigned-${way}-url`,
        headers: json,
        body,
      });
    }
  }
  const ticket = { 'x-cairn-ticket': partTicket };
  const native = [
    ['run', `runs/${run}`],
    ['experiment', 'experiments/0'],
    ['model', `models/logged/${model}`],
  ].flatMap(([what, holder]): Attack[] => {
    const routes = `/api/v1/${holder}/artifacts`;
    const ofName = routes.replace(/[^/]+\/artifacts$/, `${inUrl(name)}/artifacts`);
    return [
      { what: `${what}, list`, method: 'GET', path: `${routes}?path=${inUrl(name)}`, fine: ['a/'] },
      { what: `${what}, content`, method: 'GET', path: `${routes}/content?path=${inUrl(name)}` },
      { what: `${what}, put`, method: 'PUT', path: `${routes}?path=${inUrl(name)}`, body: 'overwritten' },
      { what: `${what}, delete`, method: 'DELETE', path: `${routes}?path=${inUrl(name)}`, fine: ['a/'] },
      { what: `id of a ${what}, list`, method: 'GET', path: ofName },
      { what: `id of a ${what}, content`, method: 'GET', path: `${ofName}/content?path=a` },
      { what: `id of a ${what}, put`, method: 'PUT', path: `${ofName}?path=a`, body: 'overwritten' },
      { what: `id of a ${what}, delete`, method: 'DELETE', path: `${ofName}?path=a` },
    ];
  });
  return [
    ...found,
    ...native,
    {
      what: 'file of a model',
      method: 'GET',
      path: `/ajax-api/2.0/mlflow/logged-models/${model}/artifacts/files?artifact_file_path=${inUrl(name)}`,
    },
    {
      what: 'id of a model of MLflow',
      method: 'GET',
      path: `/ajax-api/2.0/mlflow/logged-models/${inUrl(name)}/artifacts/files?artifact_file_path=a`,
    },
    {
      what: 'part of an upload',
      method: 'PUT',
      path: `/api/2.0/mlflow-artifacts/mpu/parts/${inUrl(name)}/1`,
      headers: ticket,
      body: 'overwritten',
    },
    {
      what: 'number of a part',
      method: 'PUT',
      path: `/api/2.0/mlflow-artifacts/mpu/parts/${upload}/${inUrl(name)}`,
      headers: ticket,
      body: 'overwritten',
    },
    {
      what: 'file that was handed out',
      method: 'GET',
      path: version.path.replace(/[^/]+$/, inUrl(name)),
      headers: version.headers,
    },
    {
      what: 'digest that was handed out',
      method: 'GET',
      path: version.path.replace(/[0-9a-f]{64}/, inUrl(name)),
      headers: version.headers,
    },
    { what: 'get-artifact', method: 'GET', path: `/get-artifact?run_id=${run}&path=${inUrl(name)}` },
    {
      what: 'upload-artifact',
      method: 'POST',
      path: `/ajax-api/2.0/mlflow/upload-artifact?run_uuid=${run}&path=${inUrl(name)}`,
      body: 'overwritten',
    },
    {
      what: 'run id of MLflow, list',
      method: 'GET',
      path: `/api/2.0/mlflow/artifacts/list?run_id=${inUrl(name)}`,
    },
    {
      what: 'run id of MLflow, upload',
      method: 'POST',
      path: `/ajax-api/2.0/mlflow/upload-artifact?run_uuid=${inUrl(name)}&path=a`,
      body: 'overwritten',
    },
    { what: 'run id of MLflow', method: 'GET', path: `/get-artifact?run_id=${inUrl(name)}&path=a` },
  ];
}
