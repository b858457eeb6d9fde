/** One line of the benchmark. Times in milliseconds; a ratio is ours over theirs, of medians. */
export interface Figure {
  readonly name: string;
  readonly ms: number;
  readonly ratio?: number;
  readonly budget?: number;
  readonly budgetMs?: number;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

export async function timeMs(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}

export async function timesMs(times: number, work: () => Promise<unknown>): Promise<number[]> {
  const values: number[] = [];
  for (let n = 0; n < times; n += 1) values.push(await timeMs(work));
  return values;
}

export function compared(
  name: string,
  ours: readonly number[],
  theirs: readonly number[],
  budget: number,
): Figure {
  const ms = median(ours);
  return { name, ms, ratio: ms / median(theirs), budget };
}
