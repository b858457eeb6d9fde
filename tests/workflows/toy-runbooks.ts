import type { ProbeVerdict, Risk } from '../../src/shared/run-state.ts';
import type { BoundActivities } from '../../src/workflows/engine/activities.ts';
import { requireInPlace } from '../../src/workflows/engine/failures.ts';
import type { Run } from '../../src/workflows/engine/run.ts';
import { runbook } from '../../src/workflows/engine/runbook.ts';

export { runbookLock as 'runbook-lock' } from '../../src/workflows/lock.ts';
export { runbookSweep as 'runbook-sweep' } from '../../src/workflows/sweep.ts';

/** The fakes of these tests: what each does is scripted by the test, per step and verb. */
export interface ToyActivities {
  toyProbe(input: object): Promise<ProbeVerdict<string>>;
  toyAct(input: object): Promise<string>;
  toyVerify(input: object): Promise<void>;
  toyUndo(input: object): Promise<void>;
}

const toy = (activities: BoundActivities) => activities as unknown as ToyActivities;

function toyStep(run: Run, id: string, risk: Risk = 'reversible', actLimit = '10s') {
  return run.step<string>({
    id,
    title: `Do ${id}`,
    risk,
    probe: (a) => toy(a).toyProbe({}),
    act: (a) => toy(a).toyAct({}),
    verify: (a) => toy(a).toyVerify({}),
    undo: (a) => toy(a).toyUndo({}),
    expect: `${id} as planned`,
    actLimit: actLimit as '10s',
  });
}

const twoSteps = runbook(async (run) => {
  await toyStep(run, 'one');
  await toyStep(run, 'two');
});

/** An act that takes over a second counts as lost. */
const hasty = runbook(async (run) => {
  await toyStep(run, 'one', 'reversible', '1s');
});

/** No probe: after a lost attempt nobody can tell whether the effect landed. */
function blindStep(run: Run) {
  return run.step<string>({
    id: 'one',
    title: 'Do one blindly',
    risk: 'reversible',
    act: (a) => toy(a).toyAct({}),
    undo: (a) => toy(a).toyUndo({}),
    actLimit: '1s',
  });
}

const blind = runbook(async (run) => {
  await blindStep(run);
});

const blindFirst = runbook(async (run) => {
  await blindStep(run);
  await toyStep(run, 'two');
});

/** Its verify asks the probe again, as the environment step of `deploy` does. */
const twiceProbed = runbook(async (run) => {
  await run.step<string>({
    id: 'one',
    title: 'Do one',
    risk: 'reversible',
    probe: (a) => toy(a).toyProbe({}),
    act: (a) => toy(a).toyAct({}),
    verify: async (a) => requireInPlace(await toy(a).toyProbe({})),
    undo: (a) => toy(a).toyUndo({}),
  });
});

/** What came out is read from the output, which an act whose answer was lost does not give. */
const answerLost = runbook(async (run) => {
  await run.step<string>({
    id: 'one',
    title: 'Do one',
    risk: 'reversible',
    probe: (a) => toy(a).toyProbe({}),
    act: (a) => toy(a).toyAct({}),
    actLimit: '1s',
    result: (word) => word.toUpperCase(),
  });
});

/** The rest of it works with what its look found. */
const looking = runbook(async (run) => {
  const word = await run.step<string>({
    id: 'two',
    title: 'Look',
    risk: 'read',
    needed: true,
    act: (a) => toy(a).toyAct({}),
  });
  run.find({ name: 'found', value: word.toUpperCase() });
});

/** Its act says what it did to the runbook's body only. */
const told = runbook(async (run) => {
  let words: string | undefined;
  await run.step<unknown>({
    id: 'one',
    title: 'Do one',
    risk: 'reversible',
    probe: (a) => toy(a).toyProbe({}),
    act: async (a) => {
      words = await toy(a).toyAct({});
    },
    verify: async () => words,
    undo: (a) => toy(a).toyUndo({}),
  });
});

const irreversible = runbook(async (run) => {
  await toyStep(run, 'one', 'irreversible');
});

/** What can be undone, then what cannot. */
const pointOfNoReturn = runbook(async (run) => {
  await toyStep(run, 'one');
  await toyStep(run, 'two', 'irreversible');
});

/** What can be undone, until something of its own goes on from it. */
const handingOver = runbook(async (run) => {
  await toyStep(run, 'one');
  await run.step<unknown>({
    id: 'two',
    title: 'Start something that goes on',
    risk: 'reversible',
    probe: (a) => toy(a).toyProbe({}),
    act: (a) => toy(a).toyAct({}),
    noReturn: true,
    keeps: 'it goes on',
  });
});

/** Two acts that cannot be undone, side by side. */
const twoOfNoReturn = runbook(async (run) => {
  const nodes = ['left', 'right'].map((name) => ({ name, dependsOn: [] }));
  await run.inOrder(nodes, async ({ name }) => {
    await toyStep(run, name, 'irreversible');
  });
});

/** A read whose output the step after it needs. */
const readFirst = runbook(async (run) => {
  await run.step<string>({
    id: 'read',
    title: 'Read something',
    risk: 'read',
    act: (a) => toy(a).toyAct({}),
  });
  await toyStep(run, 'one');
  await toyStep(run, 'two');
});

/** A diamond: left and right after top, bottom after both. */
const diamond = runbook(async (run) => {
  const nodes = [
    { name: 'bottom', dependsOn: ['left', 'right'] },
    { name: 'left', dependsOn: ['top'] },
    { name: 'right', dependsOn: ['top'] },
    { name: 'top', dependsOn: [] },
  ];
  await run.inOrder(nodes, async ({ name }) => {
    await toyStep(run, name);
  });
});

/** One step for each of `targets` (with commas), then another one; its acts are told the parameter `word`. */
const fan = runbook(async (run) => {
  const targets = String(run.params.targets)
    .split(',')
    .map((name) => ({ name }));
  const pace = {
    id: 'do',
    title: 'Do each',
    max: () => Number(run.params.max ?? 1),
    maxErrors: () => Number(run.params.maxErrors ?? 0),
  };
  await run.each(targets, pace, ({ name }) => ({
    title: `Do ${name}`,
    risk: 'reversible',
    probe: (a) => toy(a).toyProbe({}),
    act: (a) => toy(a).toyAct({ word: run.params.word }),
    verify: (a) => toy(a).toyVerify({}),
    undo: (a) => toy(a).toyUndo({}),
  }));
  await toyStep(run, 'after');
});

export {
  answerLost as 'answer-lost',
  blind as 'blind',
  blindFirst as 'blind-first',
  diamond as 'diamond',
  fan as 'fan',
  handingOver as 'handing-over',
  hasty as 'hasty',
  irreversible as 'irreversible',
  looking as 'looking',
  pointOfNoReturn as 'point-of-no-return',
  readFirst as 'read-first',
  told as 'told',
  twiceProbed as 'twice-probed',
  twoOfNoReturn as 'two-of-no-return',
  twoSteps as 'two-steps',
};
