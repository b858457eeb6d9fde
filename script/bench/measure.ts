/** What a figure is held against, and in which direction. */
export type Budget = { readonly atMost: number } | { readonly atLeast: number };

/** One measured line. A ratio is of medians: ours over theirs, or theirs over ours where more is better. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: 'ms' | 's' | 'x' | 'events' | 'logins';
  /** Absent where the figure is only told. */
  readonly budget?: Budget;
  /** What the value was made of. */
  readonly detail: string;
}

/** A group of figures that are measured together, and its name on the command line. */
export interface Row {
  readonly name: string;
  readonly what: string;
  /** With fewer rounds, to try the benchmark itself. */
  measure(quick: boolean): Promise<readonly Figure[]>;
}

export function isKept({ value, budget }: Pick<Figure, 'value' | 'budget'>): boolean {
  if (budget === undefined) return true;
  return 'atMost' in budget ? value <= budget.atMost : value >= budget.atLeast;
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const [low, high] = [sorted[Math.floor(at)] ?? Number.NaN, sorted[Math.ceil(at)] ?? Number.NaN];
  return low + (high - low) * (at - Math.floor(at));
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

export async function timeMs(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}

export interface Pair {
  readonly ours: readonly number[];
  readonly theirs: readonly number[];
}

/** Measures the two in turn, so that a change in the machine's mood meets both. */
export async function sideBySide(
  rounds: number,
  ours: () => Promise<number>,
  theirs: () => Promise<number>,
): Promise<Pair> {
  const pair: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] };
  for (let round = 0; round < rounds; round += 1) {
    pair.ours.push(await ours());
    pair.theirs.push(await theirs());
  }
  return pair;
}

/** What one more of something costs, in ms: starting and ending cancel out. */
export async function costOfOneMore(
  work: (count: number) => Promise<unknown>,
  [few, many]: readonly [number, number] = [5, 25],
): Promise<number> {
  const shortMs = await timeMs(() => work(few));
  const longMs = await timeMs(() => work(many));
  return (longMs - shortMs) / (many - few);
}

export function compared(what: string, theirName: string, pair: Pair, atMost: number): Figure {
  const [ours, theirs] = [median(pair.ours), median(pair.theirs)];
  const detail = `${shown(ours)} against ${shown(theirs)} of ${theirName}`;
  return { what, value: ours / theirs, unit: 'x', budget: { atMost }, detail };
}

export const shown = (ms: number): string =>
  ms >= 1000 ? `${(ms / 1000).toFixed(1)} s` : `${ms.toFixed(1)} ms`;
