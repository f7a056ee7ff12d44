/** Runs a writing script in a process of its own and kills it in the middle of its work. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * Lets the script run until it has told `count` lines after its first, then kills it; resolves to all lines after the first
 * that it told whole. The script writes a line for each write that was acknowledged.
 */
export async function killAfter(script: string, args: readonly string[], count: number): Promise<string[]> {
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exit = once(child, 'exit');
  let text = '';
  let killed = false;
  for await (const chunk of child.stdout) {
    text += String(chunk);
    if (killed || text.split('\n').length - 2 < count) continue;
    killed = child.kill('SIGKILL');
  }
  const [, signal] = (await exit) as [number | null, string | null];
  assert.equal(signal, 'SIGKILL', text);
  // The last line may have been cut off by the kill.
  return text.split('\n').slice(1, -1);
}
