/**
 * Records what the untouched client sends, for the differential test: `node test/conformance/record.ts grid_search …`. Each
 * scenario named runs small against Cairn through the proxy; ids and tokens are replaced by symbols, so that the calls can be played anywhere.
 */
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Call, routeOf } from './call.ts';
import { type Exchange, startRecordingProxy } from './recording-proxy.ts';
import { runScenario } from './scenario.ts';
import { startCairn } from './servers.ts';

const here = path.dirname(fileURLToPath(import.meta.url));

for (const name of process.argv.slice(2)) {
  const cairn = await startCairn();
  const proxy = await startRecordingProxy(cairn.url);
  // The client tags runs with its user, its script and the git commit it finds: here the same for everyone.
  const away = await mkdtemp(path.join(os.tmpdir(), 'recording-'));
  await cp(path.join(here, 'scenarios'), away, { recursive: true });
  await runScenario(name, proxy.url, { SCENARIO_SIZE: 'small', LOGNAME: 'ann', USER: 'ann' }, away);
  const calls = withSymbols(proxy.exchanges);
  await writeFile(
    path.join(here, 'recordings', `${name}.jsonl`),
    `${calls.map((call) => JSON.stringify(call)).join('\n')}\n`,
  );
  console.log(`${name}: ${calls.length} calls`);
  await proxy.stop();
  await cairn.stop();
  await rm(away, { recursive: true });
}

/** Replaces every id that an answer gave by its symbol, in the order they were given, as the player will name them. */
function withSymbols(exchanges: readonly Exchange[]): Call[] {
  const counts = { run: 0, experiment: 0, token: 0 };
  const runs = new Map<string, string>();
  const experiments = new Map<string, string>();
  const tokens = new Map<string, string>();
  const symbol = (kind: keyof typeof counts) => `{{${kind}.${++counts[kind]}}}`;
  return exchanges.map((exchange) => {
    const path = rename(exchange.path, (token) => encodeURIComponent(token));
    const body = exchange.body === undefined ? {} : { body: rename(exchange.body, (token) => token) };
    const call: Call = { method: exchange.method, path, ...body };
    if (exchange.status === 200)
      learn(routeOf(call), JSON.parse(exchange.answer.startsWith('{') ? exchange.answer : '{}'));
    return call;
  });

  function learn(
    route: string,
    answer: { experiment_id?: string; next_page_token?: string; run?: { info: { run_id: string } } },
  ) {
    if (route === 'POST experiments/create') experiments.set(answer.experiment_id!, symbol('experiment'));
    if (route === 'POST runs/create') runs.set(answer.run!.info.run_id, symbol('run'));
    const token = answer.next_page_token;
    if (token !== undefined && !tokens.has(token)) tokens.set(token, symbol('token'));
  }

  function rename(text: string, encoded: (token: string) => string): string {
    let result = text.replace(/[0-9a-f]{32}/g, (id) => runs.get(id) ?? id);
    for (const [id, name] of experiments) {
      result = result
        .replaceAll(`"experiment_id": "${id}"`, `"experiment_id": "${name}"`)
        .replace(new RegExp(`("experiment_ids": \\[\\s*)"${id}"`), `$1"${name}"`)
        .replace(new RegExp(`experiment_id=${id}\\b`), `experiment_id=${name}`);
    }
    for (const [token, name] of tokens) result = result.replaceAll(encoded(token), name);
    return result;
  }
}
