import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UsageError } from '../config.ts';
import { type Accepts, readInvocation } from './invocation.ts';

const serve: Accepts = {
  settings: ['port', 'data', 'db', 'token', 'allowedHosts', 'allowedArtifactRoots'],
  options: [],
};
const backup: Accepts = {
  settings: ['data'],
  options: [
    { flag: 'to', kind: 'text', value: 'DIR', doc: '' },
    { flag: 'force', kind: 'switch', doc: '' },
  ],
};

interface World {
  env?: Record<string, string>;
  files?: Record<string, string>;
}
function read(accepts: Accepts, argv: string[], { env = {}, files = {} }: World = {}) {
  return readInvocation(argv, accepts, { env, readFile: (path) => files[path] });
}
function refused(accepts: Accepts, argv: string[], pattern: RegExp, world: World = {}) {
  assert.throws(
    () => read(accepts, argv, world),
    (error) => error instanceof UsageError && pattern.test(error.message),
  );
}

describe('readInvocation', () => {
  it('takes the flag before the variable before the file before the default', () => {
    const files = { 'cairn.json': '{"port": 1, "data": "in-file"}' };
    const env = { CAIRN_PORT: '2' };
    assert.equal(read(serve, ['--port', '3'], { env, files }).values.port, '3');
    assert.equal(read(serve, ['--port=4'], { env, files }).values.port, '4');
    assert.equal(read(serve, [], { env, files }).values.port, '2');
    assert.equal(read(serve, [], { files }).values.port, '1');
    assert.equal(read(serve, []).values.port, '5000');
    assert.equal(read(serve, [], { env: { CAIRN_PORT: '' } }).values.port, '5000');
    assert.equal(read(serve, [], { files }).values.data, 'in-file');
  });

  it('reads lists from repeated flags, commas and arrays', () => {
    const flags = ['--allow-artifact-root', 's3://a', '--allow-artifact-root', 's3://b,s3://c'];
    assert.deepEqual(read(serve, flags).values.allowedArtifactRoots, ['s3://a', 's3://b', 's3://c']);
    const env = { CAIRN_ALLOWED_HOSTS: 'a.example, b.example' };
    assert.deepEqual(read(serve, [], { env }).values.allowedHosts, ['a.example', 'b.example']);
    const files = { 'cairn.json': '{"allowedHosts": ["c.example"]}' };
    assert.deepEqual(read(serve, [], { files }).values.allowedHosts, ['c.example']);
  });

  it('reads a secret from the file its variable names, and from no other', () => {
    const files = { '/run/secrets/token': 'hush\n', '/empty': '\n' };
    assert.equal(
      read(serve, [], { env: { CAIRN_TOKEN_FILE: '/run/secrets/token' }, files }).values.token,
      'hush',
    );
    assert.equal(read(serve, [], { env: { CAIRN_DB_FILE: '/run/secrets/token' }, files }).values.db, 'hush');
    refused(serve, [], /cannot be read/, { env: { CAIRN_TOKEN_FILE: '/none' } });
    refused(serve, [], /empty file/, { env: { CAIRN_TOKEN_FILE: '/empty' }, files });
    refused(serve, [], /both set/, {
      env: { CAIRN_TOKEN: 'a', CAIRN_TOKEN_FILE: '/run/secrets/token' },
      files,
    });
    refused(serve, ['--token', 'x'], /unknown option --token/);
    refused(serve, [], /token is a secret.*CAIRN_TOKEN/, { files: { 'cairn.json': '{"token": "x"}' } });
  });

  it('names the nearest of what it knows', () => {
    refused(serve, ['--prot', '1'], /unknown option --prot; did you mean --port\?/);
    refused(serve, ['--zzzzzz'], /unknown option --zzzzzz$/);
    refused(serve, ['-p', '1'], /unknown option -p/);
    refused(serve, [], /unknown setting prot; did you mean port\?/, {
      files: { 'cairn.json': '{"prot": 1}' },
    });
    refused(serve, [], /CAIRN_TOKN; did you mean CAIRN_TOKEN\?/, { env: { CAIRN_TOKN: 'x' } });
  });

  it('leaves alone variables that are somebody else’s', () => {
    const env = { CAIRN_SERVICE_HOST: '10.0.0.1', CAIRN_TEST_POSTGRES: 'x', CAIRN_LONG: '1', CAIRN_UI: 'x' };
    assert.equal(read(serve, [], { env }).values.port, '5000');
  });

  it('refuses what is no option, and options without their value', () => {
    refused(serve, ['now'], /unexpected word now/);
    refused(serve, ['--port'], /--port needs a value: --port N/);
    refused(serve, ['--port', '--data', 'x'], /--port needs a value/);
    refused(backup, ['--force=yes'], /takes no value/);
    assert.deepEqual(read(backup, ['--force', '--to', 'x']).options, { force: true, to: 'x' });
  });

  it('refuses a file that is no object of settings', () => {
    const files = (text: string) => ({ files: { 'cairn.json': text } });
    refused(serve, [], /not JSON/, files('{'));
    refused(serve, [], /one JSON object/, files('[]'));
    refused(serve, [], /port must be a whole number/, files('{"port": "5000"}'));
    refused(serve, [], /data must be a text/, files('{"data": 1}'));
    refused(serve, [], /must be a list of texts/, files('{"allowedHosts": "a"}'));
    refused(serve, ['--config', 'other.json'], /cannot read the file other.json/);
    const other = { files: { 'other.json': '{"port": 7}' } };
    assert.equal(read(serve, ['--config', 'other.json'], other).values.port, '7');
  });

  it('takes from a file for the server what a smaller command needs', () => {
    const files = { 'cairn.json': '{"port": 1, "data": "d"}' };
    assert.deepEqual(read(backup, [], { files }).values, { data: 'd' });
  });
});
