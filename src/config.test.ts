import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { configOf, type SettingValues, UsageError } from './config.ts';

const of = (values: SettingValues) => configOf(values, '1.2.3', '/srv/here');
const refused = (values: SettingValues, pattern: RegExp) =>
  assert.throws(
    () => of(values),
    (error) => error instanceof UsageError && pattern.test(error.message),
  );

describe('configOf', () => {
  it('has a default for everything and folders relative to where it was started', () => {
    assert.deepEqual(of({}), {
      version: '1.2.3',
      host: '127.0.0.1',
      port: 5000,
      allowedHosts: [],
      dataDir: '/srv/here/cairn-data',
      storeFile: '/srv/here/cairn-data/cairn.db',
      artifactsDir: '/srv/here/cairn-data/artifacts',
      defaultArtifactRoot: 'mlflow-artifacts:/',
      allowedArtifactRoots: [],
      webhookTargets: [],
      logLevel: 'warn',
      requestMemory: 67_108_864,
      lineageMemory: 536_870_912,
    });
    assert.equal(of({ data: 'other' }).artifactsDir, '/srv/here/other/artifacts');
    assert.equal(of({ data: '/abs', artifacts: 'art' }).artifactsDir, '/srv/here/art');
  });

  it('cannot be changed afterwards', () => {
    const config = of({ allowedHosts: ['a'] });
    assert.ok(Object.isFrozen(config) && Object.isFrozen(config.allowedHosts));
  });

  it('refuses to listen beyond loopback without a token, and says how to get one', () => {
    for (const host of ['0.0.0.0', '::', '192.168.1.5', 'cairn.example.org', '127.evil.example.org']) {
      refused({ host }, /CAIRN_TOKEN=/);
      assert.equal(of({ host, token: 'secret' }).host, host);
    }
    for (const host of ['127.0.0.1', '127.8.8.8', 'localhost', '::1']) assert.equal(of({ host }).host, host);
  });

  it('refuses values that are not what the setting is', () => {
    for (const port of ['-1', '65536', '80.5', 'http', '']) refused({ port }, /CAIRN_PORT/);
    assert.equal(of({ port: '0' }).port, 0);
    refused({ port: 'tcp://10.0.0.1:5000' }, /enableServiceLinks/);
    refused({ db: 'mysql://x' }, /postgres:\/\//);
    refused({ logLevel: 'loud' }, /fatal, error/);
    for (const requestMemory of ['0', '-1', '1.5', 'much', ''])
      refused({ requestMemory }, /--request-memory/);
    assert.equal(of({ requestMemory: '1' }).requestMemory, 1_048_576);
    for (const lineageMemory of ['-1', '1.5', 'much', '']) refused({ lineageMemory }, /--lineage-memory/);
    assert.equal(of({ lineageMemory: '0' }).lineageMemory, 0);
    for (const root of ['', ' ', 's3://b/x?y', 'file:///x#y', 'runs:/x']) {
      refused({ defaultArtifactRoot: root }, /--default-artifact-root/);
    }
    refused({ allowedArtifactRoots: ['/srv', ''] }, /--allow-artifact-root/);
  });
});
