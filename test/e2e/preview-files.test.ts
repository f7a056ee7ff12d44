/** A person looks at what a run logged: every kind of file, whole, paged, huge, broken and lying, by mouse and by keys. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deflateSync } from 'node:zlib';
import type { Locator, Page } from 'playwright-core';
import { assertAccessible, launchBrowser, themes } from './browser.ts';
import { gzipTable, snappyTable, zstdTable } from './parquet-tables.ts';
import { eventually } from './run-table.ts';
import { createExperiment, createRun, startServer } from './server.ts';

const server = await startServer();
const browser = await launchBrowser();
const experiment = await createExperiment(server, 'files');

async function runWith(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const run = await createRun(server, experiment, { name: 'with-files', metrics: { loss: [1] } });
  for (const [name, body] of Object.entries(files)) await server.putFile(run, name, body);
  return run;
}

async function open(run: string, file?: string, options = {}): Promise<Page> {
  const at = file === undefined ? '' : `&file=${encodeURIComponent(file)}`;
  return browser.open(`${server.url}/runs/${run}?tab=artifacts${at}`, options);
}

const entry = (page: Page, name: string): Locator =>
  page.getByRole('tree', { name: 'Artifacts' }).getByRole('treeitem', { name });

/** A PNG of one colour. */
function png(width: number, height: number, [red, green, blue]: readonly [number, number, number]): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2], 8);
  const row = Buffer.concat([Buffer.of(0), Buffer.alloc(width * 3, Buffer.of(red, green, blue))]);
  const pixels = deflateSync(Buffer.concat(Array.from({ length: height }, () => row)));
  const magic = Buffer.from('89504e470d0a1a0a', 'hex');
  return Buffer.concat([magic, chunk('IHDR', head), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))]);
}

function crc32(bytes: Buffer): number {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return (sum ^ 0xffffffff) >>> 0;
}

const picture = png(120, 80, [40, 120, 200]);

const notebook = JSON.stringify({
  nbformat: 4,
  metadata: { language_info: { name: 'python' } },
  cells: [
    { cell_type: 'markdown', source: ['# Digits\n', 'A **first** look <script>alert(1)</script>.'] },
    {
      cell_type: 'code',
      execution_count: 2,
      source: 'model.fit(X, y)',
      outputs: [
        { output_type: 'stream', name: 'stdout', text: 'fitted in 3 s\n' },
        { output_type: 'display_data', data: { 'image/png': picture.toString('base64') } },
        {
          output_type: 'execute_result',
          data: { 'text/html': '<b id="rich">rich</b><script>parent.x = 1</script>', 'text/plain': 'plain' },
        },
      ],
    },
  ],
});

const mlmodel = `artifact_path: model
flavors:
  python_function:
    loader_module: mlflow.sklearn
  sklearn:
    sklearn_version: 1.7.2
model_id: m-0123456789abcdef0123456789abcdef
model_size_bytes: 4096
saved_input_example_info:
  artifact_path: input_example.json
signature:
  inputs: '[{"type": "double", "name": "alcohol", "required": true}]'
  outputs: '[{"type": "tensor", "tensor-spec": {"dtype": "int64", "shape": [-1, 3]}}]'
  params: null
`;

const everyKind: Readonly<Record<string, string | Uint8Array>> = {
  'README.md':
    '# Results\n\nSee ![loss](plots/loss.png), not ![far](https://far.example/x.png).\n\n<b>no</b> [bad](javascript:alert(1))\n\n| a | b |\n|---|---|\n| 1 | 2 |\n',
  'answers.json': '{"columns":["question","score"],"data":[["why",0.5],["how",12345678901234567890]]}',
  'config.json': '{"id": 1234567890123456789, "nested": {"list": [1, 2, 3], "none": null, "nan": NaN}}',
  'errors.csv': 'name,count,rate\n"cat, small",3,0.25\ndog,20,1e-5\n',
  'model/MLmodel': mlmodel,
  'model/requirements.txt': 'scikit-learn==1.7.2\n',
  'model/input_example.json': '{"columns":["alcohol"],"data":[[13.2]]}',
  'model/model.pkl': Buffer.from('80049500000000', 'hex'),
  'notebook.ipynb': notebook,
  'plots/loss.png': picture,
  'plots/drawing.svg':
    '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><script>document.title="owned"</script><rect width="20" height="10" fill="red"/></svg>',
  'report.html':
    '<h1>Report</h1><p id="out">still</p><script>out.textContent = "ran in " + window.origin; try { parent.document.title = "owned" } catch { out.textContent += ", shut in" }</script>',
  'rows.parquet': Buffer.from(snappyTable, 'base64'),
  'train.log': 'epoch 1\n\u001b[32mloss 0.5\u001b[0m\n',
};

describe('looking at the files of a run', () => {
  for (const theme of themes) {
    it(`shows every kind, accessibly (${theme})`, async () => {
      const run = await runWith(everyKind);
      const page = await open(run, undefined, { theme });
      const seen = async (path: string, what: Locator) => {
        const [folder] = path.split('/');
        if (path.includes('/') && !(await entry(page, path.split('/')[1]!).isVisible()))
          await entry(page, folder!).click();
        await entry(page, path.split('/').at(-1)!).first().click();
        await what.first().waitFor();
        assert.equal(new URL(page.url()).searchParams.get('file'), path);
        await assertAccessible(page, `${path}, ${theme}`);
      };
      await seen('README.md', page.getByRole('heading', { name: 'Results' }));
      await page.getByRole('img', { name: 'loss' }).waitFor();
      await page.getByText('picture on another server, not loaded: far').waitFor();
      assert.equal(await page.getByRole('link', { name: 'bad' }).count(), 0);
      await page.getByText('<b>no</b>').waitFor();
      await seen('answers.json', page.getByRole('cell', { name: '12345678901234567890' }));
      await seen('config.json', page.getByText('1234567890123456789', { exact: true }));
      await seen('errors.csv', page.getByRole('cell', { name: 'cat, small' }));
      await seen('model/MLmodel', page.getByRole('cell', { name: 'tensor int64' }));
      await page
        .getByText('mlflow.pyfunc.load_model("models:/m-0123456789abcdef0123456789abcdef")')
        .waitFor();
      await page.getByText('scikit-learn==1.7.2').waitFor();
      await page.getByRole('cell', { name: '13.2' }).waitFor();
      await seen('model/model.pkl', page.getByText('is a Python pickle'));
      await seen('notebook.ipynb', page.getByRole('heading', { name: 'Digits' }));
      await page.getByText('fitted in 3 s').waitFor();
      await page.getByRole('button', { name: 'Show as HTML, isolated' }).click();
      await page.frameLocator('iframe').getByText('rich').waitFor();
      await seen('plots/loss.png', page.getByText('120 × 80 pixels'));
      await seen('plots/drawing.svg', page.getByText('20 × 10 pixels'));
      await seen('report.html', page.frameLocator('iframe').getByText('still'));
      await seen('rows.parquet', page.getByRole('cell', { name: '9007199254740993' }));
      await seen('train.log', page.getByText('loss 0.5'));
      assert.equal(await page.title(), 'with-files · Cairn');
    });
  }

  it('runs the scripts of a page only when asked, shut in', async () => {
    const run = await runWith({ 'report.html': everyKind['report.html']! });
    const page = await open(run, 'report.html');
    const frame = page.frameLocator('iframe');
    await frame.getByText('still').waitFor();
    await page.getByRole('button', { name: 'Run its scripts, isolated' }).click();
    await frame.getByText('ran in null, shut in').waitFor();
    assert.equal(await page.title(), 'with-files · Cairn');
    await page.getByRole('button', { name: 'Stop' }).click();
    await frame.getByText('still').waitFor();
  });

  it('reads tables in pages, sorted as their types want', async () => {
    const lines = Array.from(
      { length: 1000 },
      (_, index) => `${index},"line\n${index}",${(index * 7919) % 1000}`,
    );
    const run = await runWith({
      'long.csv': `id,text,value\n${lines.join('\n')}\n`,
      'wide.csv': `${Array.from({ length: 120 }, (_, index) => `c${index}`).join()}\n${'1,'.repeat(119)}1\n`,
      'long.jsonl': Array.from({ length: 450 }, (_, index) => `{"step": ${index}}\n`).join(''),
      'snappy.parquet': Buffer.from(snappyTable, 'base64'),
      'zstd.parquet': Buffer.from(zstdTable, 'base64'),
      'gzip.parquet': Buffer.from(gzipTable, 'base64'),
    });
    const page = await open(run, 'long.csv');
    await page.getByText(/rows 1 to 200, about 1,\d00 in all/).waitFor();
    const cell = (index: number) =>
      page.getByRole('region', { name: 'Rows' }).getByRole('row').nth(1).getByRole('cell').nth(index);
    await page.getByRole('button', { name: /^value/ }).click();
    assert.equal(await cell(3).innerText(), '0');
    await page.getByRole('button', { name: 'Next page' }).click();
    await page.getByText(/rows 201 to 400/).waitFor();
    assert.equal(await cell(1).innerText(), '200');
    for (let turn = 0; turn < 3; turn++) await page.getByRole('button', { name: 'Next page' }).click();
    await page.getByText('rows 801 to 1,000 of 1,000').waitFor();
    await page.getByRole('button', { name: 'First page' }).click();
    await page.getByText(/rows 1 to 200/).waitFor();

    await entry(page, 'wide.csv').click();
    await page.getByText('columns 1 to 50 of 120').waitFor();
    await page.getByRole('button', { name: 'Last page' }).click();
    await page.getByRole('columnheader', { name: 'c119' }).waitFor();

    await entry(page, 'long.jsonl').click();
    await page.getByRole('columnheader', { name: 'step' }).waitFor();

    await entry(page, 'snappy.parquet').click();
    await page.getByRole('cell', { name: '2026-01-02T03:04:05.678901' }).waitFor();
    await page.getByRole('row', { name: /^2 9007199254740994 null Zürich/ }).waitFor();
    await page.getByRole('button', { name: 'Last page' }).click();
    await page.getByText('rows 201 to 250').waitFor();
    await page.getByRole('cell', { name: '9007199254741242' }).waitFor();
    await page.getByRole('button', { name: 'Schema' }).click();
    await page.getByRole('row', { name: /score float may be/ }).waitFor();
    for (const name of ['zstd.parquet', 'gzip.parquet']) {
      await entry(page, name).click();
      await page.getByRole('cell', { name: '日本' }).waitFor();
    }
  });

  it('reads a long log by ranges, never the whole', async () => {
    const line = (index: number) => `line ${String(index).padStart(7, '0')} ${'.'.repeat(80)}\n`;
    const log = Array.from({ length: 60_000 }, (_, index) => line(index)).join('');
    const run = await runWith({ 'train.log': log });
    const page = await browser.open(`${server.url}/runs/${run}`);
    const sizes: number[] = [];
    page.on('response', (response) => {
      if (response.url().includes('/content')) sizes.push(Number(response.headers()['content-length'] ?? 0));
    });
    await page.getByRole('tab', { name: 'Artifacts' }).click();
    await page.getByText('line 0000000').waitFor();
    await page.getByRole('button', { name: 'Last page' }).click();
    await page.getByText('line 0059999').waitFor();
    await page.getByRole('button', { name: 'Previous page' }).click();
    await eventually(async () => {
      const text = await page.locator('pre').innerText();
      assert.match(text, /^line \d{7} \.{80}\n/);
      assert.match(text, /\n?line \d{7} \.{80}\n?$/);
    }, page);
    assert.ok(sizes.length >= 3 && sizes.every((size) => size < 200_000), String(sizes));
  });

  it('says in a sentence what is broken, empty, or not what its name says', async () => {
    const parquet = Buffer.from(snappyTable, 'base64');
    const lyingFooter = Buffer.from(parquet);
    lyingFooter.writeUInt32LE(0x7fffffff, parquet.length - 8);
    const damaged = Buffer.from(parquet).fill(0xa5, 40, 1200);
    const run = await runWith({
      'empty.csv': '',
      'lying.png': 'this is text',
      'cut.png': picture.subarray(0, 30),
      'cut.parquet': parquet.subarray(0, 2000),
      'footer.parquet': lyingFooter,
      'damaged.parquet': damaged,
      'broken.json': '{"a": 1,\n "b": }',
      'deep.json': '['.repeat(200_000),
      'no.ipynb': '{"cells": 3}',
      MLmodel: 'just: text',
      'huge.png': png(1, 1, [0, 0, 0]).fill(Buffer.from('00009c4000009c40', 'hex'), 16, 24),
    });
    const page = await open(run, 'empty.csv');
    for (const [name, sentence] of [
      ['empty.csv', 'The file is empty'],
      ['lying.png', 'The file is called .png but holds text.'],
      ['cut.png', 'the rest is damaged or cut off'],
      ['cut.parquet', 'it is damaged or cut off'],
      ['footer.parquet', 'it is damaged or cut off'],
      ['damaged.parquet', 'These rows are damaged'],
      ['broken.json', 'It is no JSON. Line 2, column 7'],
      ['deep.json', 'It is nested deeper than 500 levels.'],
      ['no.ipynb', 'It has no cells'],
      ['MLmodel', 'It names no flavours'],
      ['huge.png', 'This picture is large: 40,000 × 40,000 pixels'],
    ] as const) {
      await entry(page, name).click();
      await page.getByText(sentence).first().waitFor();
    }
    await page.goto(`${server.url}/runs/${run}?tab=artifacts&file=gone/away.txt`);
    await page.getByText('There is no “gone/away.txt” here.').waitFor();
  });

  it('is walked by keys, keeps its place in the link, and reads long folders in parts', async () => {
    const run = await runWith({ 'a.txt': 'first', 'z.txt': 'last' });
    const many = Array.from(
      { length: 1203 },
      (_, index) => `many/file-${String(index).padStart(4, '0')}.txt`,
    );
    for (let at = 0; at < many.length; at += 50)
      await Promise.all(many.slice(at, at + 50).map((name) => server.putFile(run, name, name)));
    const page = await open(run, 'a.txt');
    await page.getByText('first', { exact: true }).waitFor();
    const tree = page.getByRole('tree', { name: 'Artifacts' });
    await tree.focus();
    await page.keyboard.press('ArrowUp');
    await page.getByText('The first 1,000 files').or(page.getByText('1,000 files')).first().waitFor();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.getByText('many/file-0000.txt').first().waitFor();
    // The next part of the folder is read when its place comes into view.
    await eventually(async () => {
      for (const key of ['End', 'ArrowUp', 'ArrowUp']) await page.keyboard.press(key);
      assert.equal(new URL(page.url()).searchParams.get('file'), 'many/file-1202.txt');
    }, page);
    await page.getByText('many/file-1202.txt').first().waitFor();
    await page.keyboard.press('ArrowLeft');
    await eventually(async () => assert.equal(new URL(page.url()).searchParams.get('file'), 'many'), page);
    await page.reload();
    await page.getByRole('heading', { name: 'many' }).waitFor();
  });

  it('shows files as they are logged, and saves one', async () => {
    const run = await createRun(server, experiment, {
      name: 'live',
      state: 'running',
      metrics: { loss: [1] },
    });
    const page = await open(run);
    await page.getByText('No file is logged yet.').waitFor();
    await server.putFile(run, 'now.txt', 'it appears');
    await page.getByText('it appears').waitFor();
    // Metrics of the training are no reason to read files again.
    const reads: string[] = [];
    page.on('request', (request) => {
      if (request.url().includes('/artifacts')) reads.push(request.url());
    });
    for (const step of [1, 2, 3]) {
      const metrics = [{ key: 'loss', value: step, step, time: step }];
      await server.call('POST', `/runs/${run}/log`, { metrics });
      await page.getByRole('row', { name: new RegExp(`^loss ${step} `) }).waitFor();
    }
    assert.ok(reads.length <= 1, reads.join());
    await server.putFile(run, 'now.txt', 'it changed');
    await page.getByText('it changed').waitFor();
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download' }).click();
    assert.equal((await saved).suggestedFilename(), 'now.txt');
  });

  for (const width of [1280, 390]) {
    it(`works at a width of ${width}`, async () => {
      const run = await runWith(everyKind);
      const page = await open(run, 'rows.parquet', {
        width,
        height: 844,
        phone: width === 390,
        theme: 'dark',
      });
      await page.getByRole('cell', { name: '9007199254740993' }).waitFor();
      assert.equal(await page.evaluate<number>('document.documentElement.scrollWidth'), width);
      await assertAccessible(page, `files at ${width}`);
    });
  }
});

describe('with a token', () => {
  it('draws pictures and tables, which an address in the page could not', async () => {
    const guarded = await startServer({ env: { CAIRN_TOKEN: 'a-secret-of-enough-length' } });
    const id = await createExperiment(guarded, 'guarded');
    const run = await createRun(guarded, id, { name: 'guarded' });
    await guarded.putFile(run, 'loss.png', picture);
    await guarded.putFile(run, 'rows.parquet', Buffer.from(zstdTable, 'base64'));
    const page = await browser.open(`${guarded.url}/runs/${run}?tab=artifacts&file=loss.png`);
    await page.getByRole('textbox').fill('a-secret-of-enough-length');
    await page.keyboard.press('Enter');
    await page.getByText('120 × 80 pixels').waitFor();
    await entry(page, 'rows.parquet').click();
    await page.getByRole('cell', { name: '日本' }).waitFor();
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download' }).click();
    assert.equal((await saved).suggestedFilename(), 'rows.parquet');
  });
});
