import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { declaredSteps, undeclaredSteps } from '../support/declared-steps.ts';

const root = join(import.meta.dirname, '../..');
const histories = join(root, 'tests/replay/histories');
const workflows = join(root, 'src/workflows');

const namesIn = (folder: string, end: string) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(end))
    .map((name) => name.slice(0, -end.length));
const runbooks = namesIn(join(root, 'runbooks'), '.yaml');

/** The ids of the steps in the report that a recorded run ended with, in the order in which they began. */
function stepsOf(history: string): readonly string[] {
  const { events } = JSON.parse(readFileSync(join(histories, `${history}.json`), 'utf8'));
  const payloads = [...JSON.stringify(events.at(-1)).matchAll(/"data":"([^"]*)"/g)];
  const texts = payloads.map(([, data = '']) => Buffer.from(data, 'base64').toString());
  const [report = '{}'] = texts.flatMap(
    (text) => /\{"schema":"runbook.report.*\}/.exec(text) ?? [],
  );
  const { steps = [] } = JSON.parse(report) as { steps?: readonly { readonly id: string }[] };
  return steps.map(({ id }) => id);
}

describe('every step of a recorded run stands in the definition of its runbook, in order', () => {
  const recorded = namesIn(histories, '.json').map((history) => ({
    history,
    runbook: history.split('.')[0] ?? '',
    ids: stepsOf(history),
  }));

  test.for(runbooks)('%s', (runbook) => {
    const own = recorded.filter((one) => one.runbook === runbook && one.ids.length > 0);
    expect(own).not.toEqual([]);
    for (const { history, ids } of own) {
      expect(undeclaredSteps(runbook, ids), history).toEqual([]);
      const declared = declaredSteps(runbook);
      const places = declared.map((step) => ids.findIndex((id) => step.test(id)));
      const seen = places.filter((place) => place >= 0);
      expect(seen, history).toEqual(seen.toSorted((a, b) => a - b));
    }
  });
});

/** Also of steps that no recorded run had: `id: 'orphans'`, and `order-X` of a template. */
function idsIn(file: string): readonly string[] {
  const source = readFileSync(join(workflows, `${file}.ts`), 'utf8');
  return [...source.matchAll(/\bid: ['`]([^'`]+)['`]/g)].map(([, id = '']) =>
    id.replaceAll(/\$\{[^}]*\}/g, 'x'),
  );
}

test.for(runbooks)('every step that the code of %s has stands in its definition', (runbook) => {
  const source = readFileSync(join(workflows, `${runbook}.ts`), 'utf8');
  const shared = source.includes(`from './bring-up.ts'`) ? ['bring-up'] : [];
  const ids = [runbook, ...shared].flatMap(idsIn);
  expect(undeclaredSteps(runbook, ids)).toEqual([]);
});
