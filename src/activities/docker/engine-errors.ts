import { RunbookError } from '../../shared/errors.ts';

/** The daemon is away or does not answer: nothing is known about the containers. */
export function dockerUnreachable(why: string): RunbookError {
  return new RunbookError('RB_DOCKER_UNREACHABLE', 'the Docker engine does not answer', {
    why,
    fix: 'start the Docker engine on this host (systemctl start docker), then retry',
  });
}

const awayCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EACCES',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
]);

/** What the compose program prints when it cannot reach the daemon. */
const awayText = /cannot connect to the docker daemon|error during connect|dial unix .* connect:/i;

export const saysDockerAway = (text: string): boolean => awayText.test(text);

export function statusOf(error: unknown): number | undefined {
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' ? status : undefined;
}

/** The engine's error as one of ours: away, or refused with the engine's own words. */
export function engineError(error: unknown, what: string): Error {
  if (error instanceof RunbookError) return error;
  if (!(error instanceof Error)) return new Error(String(error));
  const code = (error as NodeJS.ErrnoException).code;
  if (code !== undefined && awayCodes.has(code)) return dockerUnreachable(error.message);
  if (statusOf(error) === undefined) return error;
  return new RunbookError('RB_DOCKER_REFUSED', `Docker could not ${what}`, {
    why: error.message,
    fix: 'correct what the engine names, then try again',
  });
}
