import { readFileSync } from 'node:fs';
import { cairnIn } from '../../test/conformance/servers.ts';
import type { Peer } from './peer.ts';

export const cairn: Peer = {
  name: 'Cairn',
  features: ['artifacts', 'bulk-interval', 'fast-fill', 'native'],
  async version() {
    const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    return `cairn-ml ${manifest.version}, Node ${process.versions.node}`;
  },
  launchIn: async (folder) => cairnIn(folder),
};
