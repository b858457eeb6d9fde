import { RunbookError } from '../shared/errors.ts';
import type { PlatformFile } from '../shared/platform-file.ts';
import { type AllowedPattern, looksLikeError, matchAllowed } from './docker/log-patterns.ts';
import type { OpenedPlatform, PlatformDependencies } from './opened-platform.ts';
import { ownRefusals } from './rotate/own-refusals.ts';
import type { VerifiedLogs } from './verify.ts';

const shownLines = 10;
const shownChars = 300;
/** A service that floods its log is reported by the first of its lines. */
const maxSuspicious = 2000;

type Allowed = PlatformFile['logs']['allow'][number];

interface MemberLog {
  readonly member: string;
  readonly service: string;
  readonly linesRead: number;
  readonly suspicious: readonly string[];
  /** Lines like errors that a rotation has made. */
  readonly explained: number;
  readonly cut: boolean;
}

/** Reads every log since the given time and refuses lines that look like errors and are not allowed. */
export async function searchLogs(
  deps: PlatformDependencies,
  opened: OpenedPlatform,
  since: Date,
  names: readonly string[] = opened.services.map(({ name }) => name),
): Promise<VerifiedLogs> {
  const today = new Date().toISOString().slice(0, 10);
  const allow = opened.platform.logs.allow.filter(({ service }) => names.includes(service));
  const expired = allow.filter(({ expires }) => expires < today);
  const valid = allow.filter(({ expires }) => expires >= today);
  const logs = await readLogs(deps, opened, since, names);
  const bad = logs.flatMap((log) => refusedLines(log, valid));
  if (bad.length > 0) throw errorsInLogs(bad, expired);
  const linesRead = sumOf(logs, (log) => log.linesRead);
  return {
    summary: `no error in ${linesRead} lines of ${logs.length} containers`,
    linesRead,
    allowed: sumOf(logs, ({ suspicious, explained }) => suspicious.length + explained),
    expired: expired.map(expiredWords),
    cut: logs.filter(({ cut }) => cut).map(({ member }) => member),
  };
}

const sumOf = (logs: readonly MemberLog[], count: (log: MemberLog) => number) =>
  logs.reduce((sum, log) => sum + count(log), 0);

async function readLogs(
  { engine }: PlatformDependencies,
  opened: OpenedPlatform,
  since: Date,
  names: readonly string[],
): Promise<readonly MemberLog[]> {
  const facts = await Promise.all(
    names.map(async (service) => {
      const { handle, kind } = opened.open(service);
      const harmless = kind.harmlessLogLines ?? [];
      return (await handle.facts()).map((fact) => ({ service, harmless, ...fact }));
    }),
  );
  const refusals = await ownRefusals(opened);
  const logs: MemberLog[] = [];
  // One after the other: each may be megabytes.
  for (const { service, member, containerId, harmless } of facts.flat()) {
    const { lines, cut } = await engine.logs(containerId, { since });
    const suspicious = lines.filter(
      ({ text }) => looksLikeError(text) && !harmless.some((line) => line.test(text)),
    );
    const unexplained = suspicious.filter((line) => !refusals.explain(service, line));
    logs.push({
      ...{ service, member, cut },
      linesRead: lines.length,
      suspicious: unexplained.slice(0, maxSuspicious).map(({ text }) => text),
      explained: suspicious.length - unexplained.length,
    });
  }
  return logs;
}

function refusedLines({ service, member, suspicious }: MemberLog, allow: readonly Allowed[]) {
  const patterns: AllowedPattern[] = allow.filter((line) => line.service === service);
  const covered = matchAllowed(suspicious, patterns);
  return suspicious.filter((_, index) => !covered[index]).map((line) => `${member}: ${line}`);
}

const expiredWords = ({ service, pattern, expires }: Allowed) =>
  `${service}: /${pattern}/ expired on ${expires}`;

function errorsInLogs(bad: readonly string[], expired: readonly Allowed[]): RunbookError {
  const shown = bad.slice(0, shownLines).map((line) => line.slice(0, shownChars));
  const more = bad.length - shown.length;
  return new RunbookError('RB_ERRORS_IN_LOGS', `${bad.length} log lines look like errors`, {
    why: [
      ...shown,
      ...(more > 0 ? [`and ${more} more`] : []),
      ...expired.map((line) => `no longer allowed: ${expiredWords(line)}`),
    ].join('\n'),
    fix: 'correct the cause, or allow the line in the platform file (logs.allow) with a reason: that counts in a new run',
    retry: 'never',
  });
}
