import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { commandTable } from '../../src/client/command-table.ts';
import { report as reportCommand } from '../../src/client/commands/report.ts';
import { type StartOptions, start } from '../../src/client/commands/start.ts';
import { watch } from '../../src/client/commands/watch.ts';
import { CommandError } from '../../src/client/errors.ts';
import { stepColumns, stepLine } from '../../src/client/render/step-line.ts';
import { plainStyle } from '../../src/client/render/style.ts';
import { textWidth } from '../../src/client/render/text.ts';
import type { ExitCode, Session } from '../../src/client/session.ts';
import { tellError } from '../../src/client/tell-error.ts';
import { exitCodes } from '../../src/shared/exit-codes.ts';
import type { Outcome, StepStatus } from '../../src/shared/run-state.ts';
import { raisedErrors } from '../support/raised-errors.ts';
import { recordSession } from './support/recorder.ts';
import { later, parkedStep, report, state, step } from './support/samples.ts';
import { ScriptedRuns } from './support/scripted-runs.ts';

/**
 * The ten acceptance checks of the command line, each with where it is held:
 *
 *  1. an answer as JSON is alone on stdout, with progress on     here, process.test.ts
 *  2. every command ends with stdin closed                       process.test.ts
 *  3. no escape byte with NO_COLOR and in a pipe                 process.test.ts, here
 *  4. every exit code is produced                                here
 *  5. every error has code, why and fix                          here
 *  6. every help has an example, and it is carried out           examples.test.ts, process.test.ts
 *  7. --help loads neither Temporal nor zod                      process.test.ts; its time: npm run bench
 *  8. a killed CLI leaves the run alone; watch finds it again    tests/features/killed-cli.test.ts
 *  9. a wrong key names file, line, column and the nearest       local/check-files.test.ts, config/
 * 10. no line about a step is wider than 80 columns              here
 */

const started: StartOptions = {
  ...{ runbook: 'deploy', plan: false, exitCode: false, set: [], detach: false, yes: true },
};
const watched = { run: 'r', exitOnPark: false };

/** What a command ends with, its errors told as the program tells them. */
async function ended(work: () => Promise<ExitCode>, session: Session): Promise<ExitCode> {
  try {
    return await work();
  } catch (error) {
    return tellError(error, session);
  }
}

test('1, 3: progress goes to stderr, and the answer is one document without an escape', async () => {
  for (const progress of ['lines', 'json', 'none'] as const) {
    const runs = new ScriptedRuns({ states: [state()], end: { report: report() } });
    const { session, stdout, stderr } = recordSession({
      runs,
      settings: { output: 'json', progress },
    });
    expect(await watch(watched, session)).toBe(0);
    expect(JSON.parse(stdout.text)).toMatchObject({ schema: 'runbook.report/v1' });
    expect(stdout.text + stderr.text).not.toContain('\u001b');
    if (progress === 'json') {
      const [first = ''] = stderr.text.split('\n');
      expect(JSON.parse(first)).toMatchObject({ kind: 'run', state: 'running' });
    }
  }
});

const afterRun = (outcome: Outcome, changed = false) => {
  const runs = new ScriptedRuns({ states: [], end: { report: report({ outcome, changed }) } });
  const { session } = recordSession({ runs });
  return ended(() => watch(watched, session), session);
};

async function afterPlan(): Promise<ExitCode> {
  const line = { step: 'a', title: '', now: 'old', change: 'new', undo: 'undo' } as const;
  const approvedPlan = { digest: 'd', lines: [line], changes: 1 };
  const end = { report: report({ outcome: 'planned', plan: true, approvedPlan }) };
  const { session } = recordSession({ runs: new ScriptedRuns({ states: [state()], end }) });
  return start({ ...started, plan: true, exitCode: true }, session);
}

async function afterCtrlC(): Promise<ExitCode> {
  const interrupt = new AbortController();
  const runs = new ScriptedRuns({ states: Array.from({ length: 50 }, () => state()) });
  const { session } = recordSession({ runs, interrupted: interrupt.signal });
  const code = watch(watched, session);
  await delay(1);
  interrupt.abort();
  return code;
}

const refused = (error: Error) => {
  const { session } = recordSession();
  return ended(() => Promise.reject(error), session);
};

const byExitCode: Readonly<Record<keyof typeof exitCodes, () => Promise<ExitCode>>> = {
  done: () => afterRun('succeeded'),
  bug: () => refused(new TypeError('x is not a function')),
  usage: () => {
    const { session } = recordSession({ runs: new ScriptedRuns({}) });
    return ended(() => start({ ...started, runbook: 'deplyo' }, session), session);
  },
  changes: afterPlan,
  refused: () => {
    const { session } = recordSession({ runs: new ScriptedRuns({}) });
    return ended(() => start({ ...started, yes: false }, session), session);
  },
  undone: () => afterRun('undone'),
  needsPerson: () => afterRun('failed', true),
  stopped: () => afterRun('stopped'),
  unfinished: () => {
    const { session } = recordSession({ runs: new ScriptedRuns({ states: [state()] }) });
    return ended(() => reportCommand({ run: 'r' }, session), session);
  },
  unreachable: () => {
    const { session } = recordSession({ runs: new ScriptedRuns({ worker: 'absent' }) });
    return ended(() => start({ ...started, yes: true }, session), session);
  },
  detached: afterCtrlC,
};

test.each(Object.entries(byExitCode))(
  '4: a command ends with the code of "%s"',
  async (name, work) => {
    expect(await work()).toBe(exitCodes[name as keyof typeof exitCodes]);
  },
);

test('4: a run that parks where nobody looks is unfinished', async () => {
  const parked = state({ state: 'parked', steps: [parkedStep] });
  const { session } = recordSession({ runs: new ScriptedRuns({ states: [parked] }) });
  expect(await watch(watched, session)).toBe(exitCodes.unfinished);
});

/** Why and fix are arguments that these cannot do without. */
const complete = new Set(['refuse', 'refused', 'CommandError']);
/** Where both are filled in by the one that tells the error. */
const completedElsewhere = ['src/shared/errors.ts', 'src/client/runs/end.ts'];

test('5: whatever makes an error says why and what to do', () => {
  const raised = raisedErrors();
  expect(new Set(raised.map(({ code }) => code)).size).toBeGreaterThan(90);
  const lacking = raised.filter(({ place, callee, text }) => {
    if (complete.has(callee) || completedElsewhere.some((file) => place.startsWith(file))) {
      return false;
    }
    // An object without `what` is no error: it tells a program which code to fail with.
    if (callee === '' && !/\bwhat\b/.test(text)) return false;
    return !(/\bwhy\b/.test(text) && /\bfix\b/.test(text));
  });
  expect(lacking.map(({ place, code }) => `${place} ${code}`)).toEqual([]);
});

test('5: every error is told with its code, why and fix, as text and as JSON', () => {
  for (const output of ['text', 'json'] as const) {
    for (const error of [
      new Error('boom'),
      new CommandError('RB_X', 'a', { why: 'b', fix: 'c' }),
    ]) {
      const { session, stderr } = recordSession({ settings: { output } });
      tellError(error, session);
      const [told = ''] = output === 'json' ? stderr.text.split('\n') : [stderr.text];
      if (output === 'json') {
        const { code, what, why, fix } = JSON.parse(told).error;
        expect([code, what, why, fix].every((text) => text !== '')).toBe(true);
      } else expect(told).toMatch(/^error RB_\w+: .+\n {2}why {3}.+\n {2}fix {3}.+/);
    }
  }
});

test('6: no two commands have one name, and each says in a line what it is for', () => {
  const names = commandTable.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const { summary } of commandTable) expect(summary).toMatch(/^[A-Z].{8,}[^.]$/);
});

const statuses: readonly StepStatus[] = [
  ...(['running', 'parked', 'done', 'in-place', 'skipped', 'failed', 'stopped'] as const),
  ...(['undoing', 'undone', 'undo-failed', 'would-change'] as const),
];

test('10: a line about a step fits into 80 columns, whatever stands in it', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 200 });
  fc.assert(
    fc.property(text, text, fc.constantFrom(...statuses), fc.nat(9), (id, words, status, tries) => {
      const error = { code: 'RB_X', what: words };
      const record = step(id, { status, title: words, result: words, now: words, tries, error });
      const line = stepLine(record, stepColumns([record], 80), later, 80, plainStyle);
      expect(textWidth(line)).toBeLessThanOrEqual(80);
      expect(line).not.toContain('\n');
    }),
  );
});
