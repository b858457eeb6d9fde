import { DefaultLogger, type Logger } from '@temporalio/worker';
import { pino } from 'pino';

/** JSON lines on stdout, the SDK's own messages included. */
export function createLogger(): Logger {
  const log = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime });
  return new DefaultLogger('INFO', ({ level, message, meta }) => {
    const method = level.toLowerCase() as 'trace' | 'debug' | 'info' | 'warn' | 'error';
    log[method]({ ...meta }, message);
  });
}
