import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { headCommit } from '../support/proof.ts';
import { type CrashOutcome, nameOf } from './harness.ts';

/** One line of `tests/evidence/<runbook>.json`. */
export interface EvidenceCase {
  /** `before activity step verb` */
  readonly case: string;
  readonly platform: string;
  readonly seconds: number;
  readonly outcome: string;
  readonly effects: Readonly<Record<string, number>>;
  /** Where else the worker was killed in the same run. */
  readonly with?: readonly string[];
}

export interface Evidence {
  readonly schema: 'runbook.evidence/v1';
  readonly runbook: string;
  readonly commit: string;
  readonly at: string;
  readonly cases: readonly EvidenceCase[];
}

const fileOf = (runbook: string) => join(import.meta.dirname, '..', 'evidence', `${runbook}.json`);

export function evidenceCases(outcome: CrashOutcome, platform: string): EvidenceCase[] {
  const { points, seconds, report, effects } = outcome;
  const names = points.map(nameOf);
  return names.map((name) => ({
    case: name,
    platform,
    seconds,
    outcome: report.outcome,
    effects,
    ...(names.length > 1 ? { with: names.filter((other) => other !== name) } : {}),
  }));
}

export async function readEvidence(runbook: string): Promise<Evidence> {
  return JSON.parse(await readFile(fileOf(runbook), 'utf8')) as Evidence;
}

/** Puts the cases in; what the file says of other cases of the same platform stays. */
export async function writeEvidence(
  runbook: string,
  cases: readonly EvidenceCase[],
): Promise<void> {
  const key = (line: EvidenceCase) => `${line.platform} ${line.case}`;
  const lines = new Map((await readEvidence(runbook)).cases.map((line) => [key(line), line]));
  for (const line of cases) lines.set(key(line), line);
  const evidence: Evidence = {
    schema: 'runbook.evidence/v1',
    runbook,
    commit: headCommit(),
    at: new Date().toISOString(),
    cases: [...lines.values()],
  };
  await writeFile(fileOf(runbook), `${JSON.stringify(evidence, undefined, 2)}\n`);
}
