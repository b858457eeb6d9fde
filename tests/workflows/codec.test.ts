import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import type { PayloadCodec } from '@temporalio/common';
import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { currentAttempt } from '../../src/activities/attempt.ts';
import type { Runs } from '../../src/client/runs/api.ts';
import { connectRuns } from '../../src/client/runs/temporal.ts';
import { endpointOf, readToken } from '../../src/codec/endpoint.ts';
import { addKey, makeKeysOnce, readKeys } from '../../src/codec/key-file.ts';
import { RunbookError } from '../../src/shared/errors.ts';
import { taskQueue } from '../../src/shared/messages.ts';
import { decodedHistory, textWithBytes } from '../support/decoded-history.ts';
import { temporalCli } from '../support/temporal-server.ts';
import { until } from '../support/until.ts';
import { ToyWorld, unlessAborted } from './toy-world.ts';

const canaries = {
  input: 'canary-of-the-input',
  memo: 'canary-of-the-memo',
  schedule: 'canary-of-the-schedule',
  heartbeat: 'canary-of-the-heartbeat',
  failure: 'canary-of-the-failure',
  decision: 'canary-of-the-decision',
  refused: 'canary-of-the-refused-decision',
  result: 'canary-of-the-result',
} as const;
type Canary = keyof typeof canaries;

const foundIn = (text: string): Canary[] =>
  (Object.keys(canaries) as Canary[]).filter((name) => text.includes(canaries[name]));

function codecOf({ client }: ToyWorld): PayloadCodec {
  const [codec] = client.options.loadedDataConverter.payloadCodecs;
  if (codec === undefined) throw new Error('this world has no codec');
  return codec;
}

/** A client as somebody has it who can reach the server and has no key. */
async function strangerOf(world: ToyWorld) {
  const connection = await Connection.connect({ address: world.server.address });
  return { client: new Client({ connection }), connection };
}

/** A probe's words stand in the report. */
const absent = { state: 'absent', now: canaries.result, change: 'make it' };
const person = { by: 'ann', why: canaries.decision };
const retry = { step: 'two', attempt: 1, action: 'retry', ...person } as const;

describe.each(['on', 'off'] as const)('with the codec %s', (codec) => {
  let world: ToyWorld;
  let stranger: Awaited<ReturnType<typeof strangerOf>>;
  let handle: WorkflowHandle;
  beforeAll(async () => {
    world = await ToyWorld.open(undefined, codec);
    stranger = await strangerOf(world);
  });
  afterAll(async () => {
    await stranger?.connection.close();
    await world?.close();
  });

  const seen = (text: string, ...expected: Canary[]) =>
    expect(foundIn(text).filter((name) => expected.includes(name))).toEqual(
      codec === 'off' ? foundIn(expected.map((name) => canaries[name]).join()) : [],
    );

  test('a beat of a step that works is told to nobody without the key', async () => {
    const beaten = Promise.withResolvers<void>();
    world.on('one', 'act', async () => {
      currentAttempt().log(canaries.heartbeat);
      await unlessAborted(beaten.promise);
    });
    world.on('two', 'act', () => {
      throw new RunbookError('TOY_HOPELESS', canaries.failure, { retry: 'never' });
    });
    handle = await world.client.workflow.start('two-steps', {
      taskQueue,
      workflowId: `canaries-${codec}`,
      args: [{ meta: { reason: canaries.input } }],
      memo: { note: canaries.memo },
    });
    const beat = await until('the beat has arrived', async () => {
      const raw = await stranger.client.workflowService.describeWorkflowExecution({
        namespace: 'default',
        execution: { workflowId: handle.workflowId },
      });
      const [beat] = raw.pendingActivities?.[0]?.heartbeatDetails?.payloads ?? [];
      const open = beat && (await codecOf(world).decode([beat]));
      return textWithBytes(open).includes(canaries.heartbeat) && beat;
    });
    seen(textWithBytes(beat), 'heartbeat');
    await until(
      'it is in the database',
      async () => codec === 'on' || (await world.server.database()).includes(canaries.heartbeat),
    );
    seen(await world.server.database(), 'heartbeat', 'input', 'memo');
    beaten.resolve();
    await world.untilState(handle, 'parked');
  });

  test('a refused decision is answered with its reason, and stored by nobody', async () => {
    const stale = { ...retry, attempt: 7, why: canaries.refused };
    await expect(
      handle.executeUpdate<string, [unknown]>('decide', { args: [stale] }),
    ).rejects.toMatchObject({
      cause: { message: 'stale decision: step two is at attempt 1, not 7' },
    });
    expect(foundIn(textWithBytes(await decodedHistory(handle)))).not.toContain('refused');
  });

  test('input, memo, failure, decision and result are in the history for whoever has the key only', async () => {
    world.on('two', 'act', () => undefined);
    world.on('two', 'probe', () => absent);
    await handle.executeUpdate<string, [unknown]>('decide', { args: [retry] });
    expect(textWithBytes(await world.report(handle))).toContain(canaries.result);
    const bare = stranger.client.workflow.getHandle(handle.workflowId);
    const stored = ['input', 'memo', 'failure', 'decision', 'result'] as const;
    seen(textWithBytes(await bare.fetchHistory()), ...stored);
    expect(foundIn(textWithBytes(await decodedHistory(handle)))).toEqual(
      expect.arrayContaining([...stored]),
    );
  });

  test('what a query answers, and what a schedule hands over, as well', async () => {
    const { workflowService } = stranger.client;
    const answer = await workflowService.queryWorkflow({
      namespace: 'default',
      execution: { workflowId: handle.workflowId },
      query: { queryType: 'state' },
    });
    seen(textWithBytes(answer), 'decision', 'result');
    await world.client.schedule.create({
      scheduleId: 'canary',
      spec: { intervals: [{ every: '1d' }] },
      action: {
        type: 'startWorkflow',
        workflowType: 'two-steps',
        taskQueue,
        args: [{ meta: { reason: canaries.schedule } }],
      },
    });
    const schedule = await workflowService.describeSchedule({
      namespace: 'default',
      scheduleId: 'canary',
    });
    seen(textWithBytes(schedule), 'schedule');
  });

  test('nothing of it is in the files of the database', async () => {
    await until(
      'all is written',
      async () => codec === 'on' || foundIn(await world.server.database()).length >= 7,
    );
    const found = foundIn(await world.server.database());
    // A refusal is never stored, encrypted or not.
    const all = Object.keys(canaries).filter((name) => name !== 'refused');
    expect(found).toEqual(codec === 'on' ? [] : all);
  });

  test('a failure keeps its type, code and step in the open', async () => {
    const history = await stranger.client.workflow.getHandle(handle.workflowId).fetchHistory();
    const failures = (history.events ?? []).flatMap(
      ({ activityTaskFailedEventAttributes: failed }) => failed?.failure ?? [],
    );
    expect(failures).toMatchObject([{ applicationFailureInfo: { type: 'TOY_HOPELESS' } }]);
    const words = 'TOY_HOPELESS in step two (its message is in encodedAttributes)';
    expect(failures[0]?.message).toBe(codec === 'on' ? words : canaries.failure);
  });
});

describe('a run with the codec', () => {
  let world: ToyWorld;
  let runs: Runs;
  beforeAll(async () => {
    world = await ToyWorld.open();
    runs = await connectRuns({ address: world.server.address }, world.env);
  });
  afterAll(async () => {
    await runs?.close();
    await world?.close();
  });
  beforeEach(() => {
    world.reset();
    world.on('two', 'act', () => {
      throw new RunbookError('TOY_HOPELESS', 'it cannot work', { retry: 'never' });
    });
  });

  const keyFile = () => join(world.env.RUNBOOK_STATE_DIR, 'codec-keys');

  let platforms = 0;
  /** On a platform of its own: a parked run keeps its lock. */
  const started = () => world.start('two-steps', { platform: `toy-${++platforms}` });
  const parked = async () => {
    const handle = await started();
    await world.untilState(handle, 'parked');
    return handle;
  };

  const keysOf = async (handle: WorkflowHandle) => {
    const text = textWithBytes(await handle.fetchHistory());
    const ids = (await readKeys(keyFile()))?.map(({ id }) => id) ?? [];
    return ids.filter((id) => text.includes(id));
  };

  test('that began before a rotation goes on after it, and both are readable', async () => {
    const handle = await parked();
    const [old] = await keysOf(handle);
    const { id } = await addKey(keyFile());
    world.on('two', 'act', () => undefined);
    await until('the new key is taken up', async () => {
      const fresh = await started();
      return (await world.report(fresh)) && (await keysOf(fresh)).join() === id;
    });
    await runs.decide(handle.workflowId, retry);
    expect(await world.report(handle)).toMatchObject({ outcome: 'succeeded' });
    expect(await keysOf(handle)).toEqual([old, id]);
    expect(textWithBytes(await decodedHistory(handle))).toContain(canaries.decision);
    expect(await runs.end(handle.workflowId)).toMatchObject({ report: { outcome: 'succeeded' } });
  });

  test('stands still on a worker with other keys, says which is missing, and goes on once it is there', async () => {
    const { workflowId } = await parked();
    const ours = await readFile(keyFile(), 'utf8');
    const key = ours.trimEnd().split('\n').at(-1) ?? '';
    const other = join(world.env.RUNBOOK_STATE_DIR, 'other-keys');
    await makeKeysOnce(other);
    await world.stopWorker();
    await world.startWorker({ encrypt: true, keyFile: other });
    await runs.decide(workflowId, retry).catch(() => undefined);
    const { trouble } = await until('the server knows of it', async () => {
      const row = await runs.find(workflowId);
      return row.trouble && row;
    });
    const [id = ''] = key.split(' ');
    expect(trouble).toMatchObject({
      code: 'RB_WORKFLOW_TASK_FAILING',
      what: 'the run stands still: its worker cannot decrypt it',
      why: expect.stringContaining(`encrypted with the key ${id}, which is not known here`),
      fix: expect.stringContaining(`the line that begins with ${id} into`),
    });
    const lines = ours.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    await writeFile(other, `${lines.join('\n')}\n`, { flag: 'a' });
    world.on('two', 'act', () => undefined);
    const report = await until(
      'it has ended',
      async () => {
        await runs.decide(workflowId, retry).catch(() => undefined);
        return runs.end(workflowId).catch(() => undefined);
      },
      40_000,
    );
    expect(report).toMatchObject({ report: { outcome: 'succeeded' } });
    await world.stopWorker();
    await world.startWorker();
  });

  test('is read and started by no command that has no key: the error names key, file and fix', async () => {
    const { workflowId } = await parked();
    const elsewhere = { RUNBOOK_STATE_DIR: join(world.env.RUNBOOK_STATE_DIR, 'elsewhere') };
    const laptop = await connectRuns({ address: world.server.address }, elsewhere);
    try {
      expect(await laptop.find(workflowId)).toMatchObject({
        open: true,
        state: 'parked',
        step: 'two',
      });
      await expect(laptop.state(workflowId)).rejects.toMatchObject({
        code: 'RB_CODEC_KEY_UNKNOWN',
      });
      const missing = {
        code: 'RB_CODEC_KEY_MISSING',
        why: expect.stringContaining(join(elsewhere.RUNBOOK_STATE_DIR, 'codec-keys')),
      };
      await expect(laptop.decide(workflowId, retry)).rejects.toMatchObject(missing);
      await expect(laptop.start('two-steps', 'from-a-laptop', {})).rejects.toMatchObject(missing);
      await expect(runs.find('from-a-laptop')).rejects.toMatchObject({ code: 'RB_RUN_UNKNOWN' });
    } finally {
      await laptop.close();
    }
  });

  test('is read by the temporal command with the codec server, and only with it', async () => {
    world.on('two', 'act', () => undefined);
    world.on('two', 'probe', () => absent);
    const { workflowId } = await world.start('two-steps', {
      platform: 'shown',
      meta: { reason: canaries.input },
    });
    await world.report(world.client.workflow.getHandle(workflowId));
    const token = (await readToken(world.env.RUNBOOK_STATE_DIR)) ?? '';
    const endpoint = endpointOf(world.server.codec?.server.port ?? 0, token);
    const show = async (...args: string[]) => {
      const { stdout } = await execa(temporalCli(), [
        ...['workflow', 'show', '--address', world.server.address, '--workflow-id', workflowId],
        ...['--output', 'json', ...args],
      ]);
      // As the SDKs read histories: bytes in base64.
      return JSON.stringify(JSON.parse(stdout), (name, part: unknown) =>
        name === 'data' && typeof part === 'string' ? Buffer.from(part, 'base64').toString() : part,
      );
    };
    expect(foundIn(await show('--codec-endpoint', endpoint))).toEqual(['input', 'result']);
    expect(foundIn(await show())).toEqual([]);
  });

  test('that was started without encryption is read as well', async () => {
    const { client, connection } = await strangerOf(world);
    world.on('two', 'act', () => undefined);
    const handle = await client.workflow.start('two-steps', {
      taskQueue,
      workflowId: 'plain-start',
      args: [{ platform: 'plain' }],
    });
    expect(await runs.end(handle.workflowId)).toMatchObject({ report: { outcome: 'succeeded' } });
    await connection.close();
  });
});
