import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import type { MetricGauge, MetricMeter, MetricTags } from '@temporalio/common';
import { messages, searchAttributes } from '../shared/messages.ts';
import type { RunState } from '../shared/run-state.ts';
import { searchAttributeKeys } from '../shared/search-attribute-keys.ts';

const everyMs = 15_000;
/** Enough to see that something is wrong; a scrape must not become a load. */
const mostRuns = 1000;
const mostParked = 50;

/**
 * Asks the server every 15 s how many runs are open, by platform and state, and how long the one that has
 * waited longest for a decision does so. Every worker says the same: take the maximum over workers.
 */
export function measureOpenRuns(client: Client, meter: MetricMeter): { stop(): void } {
  const open = new Gauge(meter.createGauge('runbook_open_runs', 'int', undefined, 'Open runs'));
  const parked = new Gauge(
    meter.createGauge(
      'runbook_oldest_park_seconds',
      'float',
      's',
      'How long the run that has waited longest for a decision does so',
    ),
  );
  const look = async () => {
    const runs = await openRuns(client);
    open.set(countBy(runs));
    parked.set(await oldestParks(client, runs));
  };
  let timer = setTimeout(again, 0);
  function again() {
    look()
      // A server that is away has metrics of its own; the next look tries again.
      .catch(() => undefined)
      .finally(() => {
        timer = setTimeout(again, everyMs).unref();
      });
  }
  return { stop: () => clearTimeout(timer) };
}

/** A gauge keeps what it was last told, so what is no more is set to nought. */
class Gauge {
  private readonly gauge: MetricGauge;
  private shown = new Map<string, MetricTags>();

  constructor(gauge: MetricGauge) {
    this.gauge = gauge;
  }

  set(values: ReadonlyMap<string, { tags: MetricTags; value: number }>): void {
    for (const [key, tags] of this.shown) if (!values.has(key)) this.gauge.set(0, tags);
    for (const { value, tags } of values.values()) this.gauge.set(value, tags);
    this.shown = new Map([...values].map(([key, { tags }]) => [key, tags]));
  }
}

interface OpenRun {
  readonly run: string;
  readonly runbook: string;
  readonly platform: string;
  readonly state: string;
}

async function openRuns(client: Client): Promise<OpenRun[]> {
  const query = `ExecutionStatus = "Running" AND ${searchAttributes.state} IS NOT NULL`;
  const runs: OpenRun[] = [];
  for await (const info of client.workflow.list({ query, pageSize: mostRuns })) {
    runs.push(toRun(info));
    if (runs.length === mostRuns) break;
  }
  return runs;
}

const toRun = ({ workflowId, type, typedSearchAttributes }: WorkflowExecutionInfo): OpenRun => ({
  run: workflowId,
  runbook: type,
  platform: typedSearchAttributes.get(searchAttributeKeys.platform) ?? '',
  state: typedSearchAttributes.get(searchAttributeKeys.state) ?? '',
});

function countBy(runs: readonly OpenRun[]) {
  const counts = new Map<string, { tags: MetricTags; value: number }>();
  for (const { runbook, platform, state } of runs) {
    const key = `${runbook} ${platform} ${state}`;
    const value = (counts.get(key)?.value ?? 0) + 1;
    counts.set(key, { tags: { runbook, platform, state }, value });
  }
  return counts;
}

async function oldestParks(client: Client, runs: readonly OpenRun[]) {
  const ages = new Map<string, { tags: MetricTags; value: number }>();
  for (const { run, runbook, platform } of runs
    .filter(({ state }) => state === 'parked')
    .slice(0, mostParked)) {
    const { steps } = await client.workflow.getHandle(run).query<RunState, []>(messages.state);
    const since = steps.flatMap(({ status, parkedAt }) =>
      status === 'parked' && parkedAt ? [Date.parse(parkedAt)] : [],
    );
    const key = `${runbook} ${platform}`;
    const age = Math.max(0, Date.now() - Math.min(...since, Date.now())) / 1000;
    const value = Math.max(age, ages.get(key)?.value ?? 0);
    ages.set(key, { tags: { runbook, platform }, value });
  }
  return ages;
}
