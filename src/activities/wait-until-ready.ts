import { RunbookError } from '../shared/errors.ts';
import type { OpenedPlatform, OpenedService, PlatformDependencies } from './opened-platform.ts';
import { awaitAnswer } from './poll.ts';
import type { HealthVerdict } from './services/kind.ts';
import type { ReadyService } from './services.ts';

const logLines = 20;
const logLineChars = 300;

/** Waits until the gate of a service opens; its own time limit decides when that takes too long. */
export async function waitUntilReady(
  deps: PlatformDependencies,
  { attempt, open }: OpenedPlatform,
  name: string,
): Promise<ReadyService> {
  const opened = open(name);
  const startedAt = Date.now();
  let last: HealthVerdict | undefined;
  const verdict = await awaitAnswer(attempt, {
    timeoutMs: opened.service.healthTimeoutMs,
    words: () => `${name}: ${last === undefined ? '' : verdictWords(last)}`,
    check: async () => {
      const now = await opened.health.check(opened.handle);
      if (now.summary !== last?.summary) attempt.log(`${name}: ${now.summary}`);
      last = now;
      return now.ready || now.failed ? now : undefined;
    },
  });
  if (verdict?.ready !== true) throw await notHealthy(deps, opened, last);
  return {
    summary: verdict.summary,
    readyAt: new Date().toISOString(),
    waitedMs: Date.now() - startedAt,
  };
}

/** With what its check printed: for texts that are redacted. */
export const verdictWords = ({ summary, detail }: Pick<HealthVerdict, 'summary' | 'detail'>) =>
  detail === undefined ? summary : `${summary}, ${detail}`;

/** The error of a service that did not become well: its last verdict and its last words. */
export async function notHealthy(
  deps: PlatformDependencies,
  opened: OpenedService,
  verdict: HealthVerdict | undefined,
): Promise<RunbookError> {
  const { name, healthTimeoutMs } = opened.service;
  const answer = verdict ? verdictWords(verdict) : 'Docker was away the whole time';
  const what = verdict?.failed
    ? `${name} failed`
    : `${name} was not ready within ${healthTimeoutMs / 1000} s`;
  return new RunbookError('RB_NOT_HEALTHY', what, {
    why: [answer, ...(await lastWords(deps, opened, verdict?.unhealthy?.[0]))].join('\n'),
    fix: 'see what it prints and correct the cause; one that lies in the files of the platform needs a new run, since a run goes on with the files that it began with',
    retry: 'never',
  });
}

async function lastWords(
  { engine }: PlatformDependencies,
  { handle, service }: OpenedService,
  unhealthy: string | undefined,
): Promise<readonly string[]> {
  const member = unhealthy ?? service.members[0];
  try {
    const facts = (await handle.facts()).find((fact) => fact.member === member);
    if (facts === undefined) return [];
    const { lines } = await engine.logs(facts.containerId, { tail: logLines });
    if (lines.length === 0) return [`${member} has printed nothing`];
    return [
      `last lines of ${member}:`,
      ...lines.map(({ text }) => `  ${text.slice(0, logLineChars)}`),
    ];
  } catch {
    return []; // the verdict is the error; a log that cannot be read must not hide it
  }
}
