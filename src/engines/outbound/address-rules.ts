/** Which addresses the server may connect to for someone else: public ones, and the ranges that its operator named. */
import { BlockList, isIP } from 'node:net';

type Family = 'ipv4' | 'ipv6';
type Range = readonly [address: string, prefix: number, family: Family];

/** Not of the public internet: IANA's registries of special-purpose addresses, and multicast. */
const special: readonly Range[] = [
  ['0.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.0.2.0', 24, 'ipv4'],
  ['192.31.196.0', 24, 'ipv4'],
  ['192.52.193.0', 24, 'ipv4'],
  ['192.88.99.0', 24, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['192.175.48.0', 24, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['198.51.100.0', 24, 'ipv4'],
  ['203.0.113.0', 24, 'ipv4'],
  ['224.0.0.0', 3, 'ipv4'],
];

/** Of IPv6 only 2000::/3 is handed out; these parts of it are special. */
const globalUnicast: Range = ['2000::', 3, 'ipv6'];
const specialUnicast: readonly Range[] = [
  ['2001::', 23, 'ipv6'],
  ['2001:db8::', 32, 'ipv6'],
  ['3fff::', 20, 'ipv6'],
];

export class AddressRules {
  readonly #special = listOf(special);
  readonly #unicast = listOf([globalUnicast]);
  readonly #specialUnicast = listOf(specialUnicast);
  readonly #named: BlockList;
  /** Whether the operator named any range. */
  readonly namesRanges: boolean;

  /** `named`: addresses and ranges (`10.0.0.0/8`); a RangeError names one that is none. */
  constructor(named: readonly string[] = []) {
    this.#named = listOf(named.map(rangeOf));
    this.namesRanges = named.length > 0;
  }

  /** Whether the operator named a range that it lies in. */
  isNamed(address: string): boolean {
    return this.#named.check(...checked(plainAddress(address)));
  }

  isAllowed(address: string): boolean {
    return this.isNamed(address) || this.#isPublic(plainAddress(address));
  }

  #isPublic(address: string): boolean {
    if (isIP(address) === 4) return !this.#special.check(address, 'ipv4');
    return this.#unicast.check(address, 'ipv6') && !this.#specialUnicast.check(address, 'ipv6');
  }
}

function rangeOf(text: string): Range {
  const [address = '', prefix, ...rest] = text.trim().split('/');
  const version = isIP(address);
  const widest = version === 4 ? 32 : 128;
  const width = prefix === undefined ? widest : /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN;
  if (version === 0 || rest.length > 0 || !(width <= widest)) {
    throw new RangeError(`${JSON.stringify(text)} is neither an address nor a range like 10.0.0.0/8`);
  }
  return [address, width, version === 4 ? 'ipv4' : 'ipv6'];
}

function listOf(ranges: readonly Range[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) list.addSubnet(...range);
  return list;
}

const checked = (address: string): [string, Family] => [address, isIP(address) === 6 ? 'ipv6' : 'ipv4'];

/** The IPv4 address that an IPv6 one carries, if it carries one: a packet to it ends there. */
export function plainAddress(address: string): string {
  const bare = address.replace(/%.*$/, '');
  if (isIP(bare) !== 6) return bare;
  const groups = groupsOf(bare);
  const at = (index: number) => groups.slice(index, index + 2);
  const begins = (...wanted: number[]) => wanted.every((group, index) => groups[index] === group);
  if (begins(0, 0, 0, 0, 0, 0xffff) || begins(0, 0, 0, 0, 0xffff, 0)) return dotted(at(6));
  if (begins(0x64, 0xff9b, 0, 0, 0, 0) || begins(0x64, 0xff9b, 1)) return dotted(at(6));
  // ::a.b.c.d, but neither :: nor ::1, which are themselves.
  if (begins(0, 0, 0, 0, 0, 0) && groups[6] !== 0) return dotted(at(6));
  if (begins(0x2002)) return dotted(at(1));
  if (begins(0x2001, 0)) return dotted(at(6).map((group) => group ^ 0xffff));
  return bare;
}

const dotted = (pair: readonly number[]): string =>
  pair.flatMap((group) => [group >> 8, group & 255]).join('.');

/** The eight groups of an IPv6 address, however it is written. */
function groupsOf(address: string): number[] {
  const written = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, a, b, c, d) =>
    [Number(a) * 256 + Number(b), Number(c) * 256 + Number(d)].map((group) => group.toString(16)).join(':'),
  );
  const [head = '', tail] = written.split('::');
  const parse = (part: string) =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
  const [before, after] = [parse(head), parse(tail ?? '')];
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  return [...before, ...Array<number>(zeros).fill(0), ...after];
}
