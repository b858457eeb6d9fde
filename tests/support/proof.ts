import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { allCases, seedOfThisRun } from './sample.ts';

/** What a proof that ran in full has shown, in `tests/evidence/<proof>.json`. */
interface ProofFile {
  readonly schema: 'runbook.proof/v1';
  readonly proof: string;
  readonly parts: Readonly<Record<string, ProofPart>>;
}

interface ProofPart {
  readonly commit: string;
  readonly at: string;
  readonly seed: number;
  readonly cases: number;
  readonly seconds: number;
  /** What else there is to say, in numbers or words. */
  readonly facts?: unknown;
}

export const headCommit = (): string =>
  execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' }).trim();

/** How many cases are made: all of them, or the sample of CI. */
export const casesOf = (sample: number, all: number): number => (allCases ? all : sample);

/** Says which seed chose the cases, and keeps the result where every case was run. */
export class Proof {
  readonly seed = seedOfThisRun();
  private readonly startedMs = Date.now();
  private readonly name: string;
  private readonly part: string;

  constructor(name: string, part: string) {
    this.name = name;
    this.part = part;
  }

  async shown(cases: number, facts?: unknown): Promise<void> {
    const seconds = Math.round((Date.now() - this.startedMs) / 100) / 10;
    const words = facts === undefined ? '' : ` ${JSON.stringify(facts)}`;
    const { name, part, seed } = this;
    process.stdout.write(`${name}, ${part}: ${cases} cases, seed ${seed}, ${seconds} s${words}\n`);
    if (!allCases) return;
    const path = join(import.meta.dirname, '..', 'evidence', `${name}.json`);
    const before = await readFile(path, 'utf8').then(
      (text) => (JSON.parse(text) as ProofFile).parts,
      () => ({}),
    );
    const mine: ProofPart = {
      commit: headCommit(),
      at: new Date().toISOString(),
      ...{ seed, cases, seconds },
      ...(facts === undefined ? {} : { facts }),
    };
    const file: ProofFile = {
      schema: 'runbook.proof/v1',
      proof: name,
      parts: { ...before, [part]: mine },
    };
    await writeFile(path, `${JSON.stringify(file, undefined, 2)}\n`);
  }
}
