/** The log of the server: JSON lines on stderr (stdout holds the one line that says it is ready). Homes the log library. */
import { type Logger, pino } from 'pino';
import type { LogLevel } from './config.ts';

export type ServerLog = Logger;

export function openServerLog(level: LogLevel): ServerLog {
  return pino(
    { level, base: null, redact: ['headers.authorization'] },
    pino.destination({ dest: 2, sync: false }),
  );
}
