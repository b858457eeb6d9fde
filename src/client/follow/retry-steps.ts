import type { DefinitionFile } from '../../shared/definition-file.ts';
import { didYouMean } from '../../shared/nearest.ts';
import { CommandError } from '../errors.ts';
import { type StepNames, stepNames } from '../local/step-names.ts';
import type { RunRow, Runs } from '../runs/api.ts';
import type { Session } from '../session.ts';

interface Retried {
  readonly runs: Runs;
  readonly row: RunRow;
  readonly definition: DefinitionFile;
  readonly session: Pick<Session, 'env' | 'cwd'>;
}

/** Refused here when nothing has such a step; what the run comes to as things are now, its plan finds out. */
export async function requireStep(
  { runs, row: { run, runbook, platform }, definition, session }: Retried,
  from: string,
): Promise<void> {
  const seen = await seenSteps(runs, run);
  if (seen.includes(from)) return;
  const names = await stepNames(run, platform, session);
  const ids = definition.steps.map(({ id }) => id);
  if (ids.some((id) => patternOf(id, names).test(from))) return;
  const known = [...new Set([...seen, ...ids.flatMap((id) => spelledOut(id, names))])];
  throw new CommandError(
    'RB_STEP_UNKNOWN',
    `${runbook} has no step ${from}${didYouMean(from, known)}`,
    {
      why: `its steps: ${known.join(', ')}`,
      fix: 'name one of them with --from; names in capitals stand for one of the platform',
      context: { run, changed: false },
    },
  );
}

/** `start-SERVICE` is the step of any service, as far as it is known which there are. */
function patternOf(id: string, names: StepNames): RegExp {
  const choices = (word: string) =>
    names[word]?.map((name) => name.replaceAll(/[^\w-]/g, '\\$&')).join('|');
  return new RegExp(`^${id.replaceAll(/[A-Z]+/g, (word) => `(?:${choices(word) ?? '.+'})`)}$`);
}

/** The steps that an id stands for, where it stands for one thing that is known. */
function spelledOut(id: string, names: StepNames): readonly string[] {
  const [word, another] = id.match(/[A-Z]+/g) ?? [];
  const values = word === undefined || another !== undefined ? undefined : names[word];
  return values?.map((value) => id.replace(word ?? '', value)) ?? [id];
}

/** The steps that the run came to, or had planned; none where nobody can say. */
async function seenSteps(runs: Runs, run: string): Promise<readonly string[]> {
  const { report } = await runs.end(run);
  const steps = report?.steps ?? (await runs.state(run).catch(() => undefined))?.steps ?? [];
  const planned = report?.approvedPlan?.lines.map(({ step }) => step) ?? [];
  return [...steps.map(({ id }) => id), ...planned];
}
