import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AddressRules, plainAddress } from './address-rules.ts';

describe('addresses', () => {
  const rules = new AddressRules();

  for (const address of [
    ...['127.0.0.1', '0.0.0.0', '10.1.2.3', '100.64.0.1', '169.254.169.254', '172.31.255.255', '192.168.0.1'],
    ...['198.18.0.1', '224.0.0.1', '255.255.255.255', '192.0.2.1', '203.0.113.9'],
    ...['::', '::1', 'fe80::1', 'fe80::1%eth0', 'fd00::1', 'ff02::1', '2001:db8::1', '100::1', '5f00::1'],
    ...['::ffff:127.0.0.1', '::ffff:a9fe:a9fe', '::ffff:0:127.0.0.1', '::127.0.0.1'],
    ...['64:ff9b::7f00:1', '64:ff9b::169.254.169.254', '64:ff9b:1::10.0.0.1'],
    ...['2002:7f00:1::', '2002:a9fe:a9fe::1', '2001:0:1:2:3:4:80ff:fffe'],
  ]) {
    it(`refuse ${address}`, () => assert.equal(rules.isAllowed(address), false));
  }

  for (const address of [
    '1.1.1.1',
    '93.184.216.34',
    '172.32.0.1',
    '2606:4700::1111',
    '::ffff:1.1.1.1',
    '64:ff9b::101:101',
  ]) {
    it(`allow ${address}`, () => assert.equal(rules.isAllowed(address), true));
  }

  it('that the operator names are allowed, whatever they are written as', () => {
    const named = new AddressRules(['10.0.0.0/8', '127.0.0.1', 'fd00::/8']);
    for (const address of ['10.9.9.9', '127.0.0.1', '::ffff:127.0.0.1', 'fd12::1']) {
      assert.ok(named.isNamed(address) && named.isAllowed(address), address);
    }
    for (const address of ['127.0.0.2', '11.0.0.1', '192.168.0.1', 'fe80::1']) {
      assert.ok(!named.isNamed(address), address);
    }
    assert.ok(named.isAllowed('1.1.1.1') && !named.isNamed('1.1.1.1'));
  });

  it('must be ones to be named', () => {
    for (const wrong of ['', 'localhost', '10.0.0.0/33', '10.0.0.0/8/8', '10.0.0', '::/129', '10.0.0.0/x']) {
      assert.throws(() => new AddressRules([wrong]), RangeError, wrong);
    }
  });

  it('that carry another are that one', () => {
    assert.equal(plainAddress('::ffff:a9fe:a9fe'), '169.254.169.254');
    assert.equal(plainAddress('2001:0:1:2:3:4:80ff:fffe'), '127.0.0.1');
    assert.equal(plainAddress('::1'), '::1');
  });
});
