import assert from 'node:assert/strict';
import { test } from 'node:test';
import { notebookOf } from './notebook.ts';

test('a notebook as cells', () => {
  const notebook = notebookOf({
    metadata: { language_info: { name: 'python' } },
    cells: [
      { cell_type: 'markdown', source: ['# Hi\n', 'there'] },
      {
        cell_type: 'code',
        execution_count: 3,
        source: 'print(1)',
        outputs: [
          { output_type: 'stream', name: 'stdout', text: ['1\n'] },
          { output_type: 'stream', name: 'stdout', text: '2\n' },
          { output_type: 'display_data', data: { 'image/png': 'AA\nAA', 'text/plain': '<Figure>' } },
          { output_type: 'execute_result', data: { 'text/html': ['<b>x</b>'], 'text/plain': 'x' } },
          { output_type: 'error', ename: 'E', traceback: ['a', 'b'] },
          { output_type: 'display_data', data: { 'application/vnd.x': {} } },
        ],
      },
      { cell_type: 'raw', source: 'raw' },
      'nonsense',
    ],
  });
  assert.equal(notebook.language, 'python');
  assert.deepEqual(notebook.cells[0], { kind: 'markdown', text: '# Hi\nthere' });
  assert.deepEqual(notebook.cells[1], {
    kind: 'code',
    text: 'print(1)',
    count: 3,
    outputs: [
      { kind: 'text', text: '1\n2\n', isError: false },
      { kind: 'picture', mime: 'image/png', base64: 'AAAA' },
      { kind: 'html', html: '<b>x</b>', text: 'x' },
      { kind: 'text', text: 'a\nb', isError: true },
      { kind: 'unknown', types: ['application/vnd.x'] },
    ],
  });
  assert.equal(notebook.cells.length, 4);
  const old = {
    worksheets: [
      {
        cells: [
          {
            cell_type: 'code',
            input: 'x',
            prompt_number: 1,
            outputs: [{ output_type: 'pyout', text: ['y'] }],
          },
        ],
      },
    ],
  };
  assert.deepEqual(notebookOf(old).cells, [
    { kind: 'code', text: 'x', count: 1, outputs: [{ kind: 'text', text: 'y', isError: false }] },
  ]);
  for (const other of [null, {}, [], 'x', { cells: 3 }])
    assert.throws(() => notebookOf(other), /no Jupyter notebook/);
});
