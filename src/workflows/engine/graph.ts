import { CancellationScope } from '@temporalio/workflow';

interface Node {
  readonly name: string;
  readonly dependsOn: readonly string[];
}

/**
 * Runs `work` for each node as soon as all that it depends on is done. The first failure cancels the others,
 * waits until they have ended, and is thrown.
 */
export async function runInOrder<N extends Node>(
  nodes: readonly N[],
  work: (node: N) => Promise<void>,
): Promise<void> {
  const scope = new CancellationScope();
  await scope.run(async () => {
    let firstError: { error: unknown } | undefined;
    const started = new Map<string, Promise<void>>();
    const start = (node: N): Promise<void> => {
      const known = started.get(node.name);
      if (known !== undefined) return known;
      const dependencies = nodes.filter((other) => node.dependsOn.includes(other.name));
      const running = Promise.all(dependencies.map(start)).then(() => work(node));
      started.set(node.name, running);
      return running;
    };
    const fail = (error: unknown) => {
      if (firstError) return;
      firstError = { error };
      scope.cancel();
    };
    await Promise.all(nodes.map((node) => start(node).catch(fail)));
    if (firstError) throw firstError.error;
  });
}
