/** CPU and memory of a server: its process, its threads, and the workers that it started, as the kernel counts them. */
import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts in hundredths of a second for everything that is read in /proc. */
const millisecondsPerTick = 10;

/** User and system time so far, ms; undefined where there is no /proc. A worker that ended is no longer counted. */
export function cpuOf(pid: number): number | undefined {
  return sumOver(pid, (member) => {
    const fields = statOf(member);
    return fields === undefined ? 0 : (Number(fields[11]) + Number(fields[12])) * millisecondsPerTick;
  });
}

/** Resident memory, MiB. Proportional: pages that forked workers share are counted once. */
export function memoryOf(pid: number): number | undefined {
  return sumOver(pid, (member) => {
    const text = textOf(`/proc/${member}/smaps_rollup`) ?? '';
    return Number(/^Pss: +(\d+) kB/m.exec(text)?.[1] ?? 0) / 1024;
  });
}

function sumOver(pid: number, figure: (member: number) => number): number | undefined {
  if (textOf('/proc/self/stat') === undefined) return undefined;
  return treeOf(pid).reduce((sum, member) => sum + figure(member), 0);
}

function treeOf(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    const parent = Number.isInteger(pid) ? Number(statOf(pid)?.[1]) : Number.NaN;
    if (!Number.isNaN(parent)) children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const tree = [root];
  for (const pid of tree) tree.push(...(children.get(pid) ?? []));
  return tree;
}

/** The fields of /proc/PID/stat after the name, which may hold anything: state, parent, … */
function statOf(pid: number): string[] | undefined {
  const text = textOf(`/proc/${pid}/stat`);
  return text?.slice(text.lastIndexOf(')') + 2).split(' ');
}

/** Undefined for a process that ended meanwhile, and on systems without /proc. */
function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return undefined;
  }
}
