import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { machineFacts, measuredCommit } from './machine.ts';
import { isKept, type Row } from './measure.ts';
import { type Bench, benchText, writeTable } from './page.ts';
import { ansible } from './rows/ansible.ts';
import { deploy } from './rows/deploy.ts';
import { engine } from './rows/engine.ts';
import { help } from './rows/help.ts';
import { parked } from './rows/parked.ts';
import { recovery } from './rows/recovery.ts';
import { rotation } from './rows/rotation.ts';
import { throughput } from './rows/throughput.ts';

const rows: readonly Row[] = [
  engine,
  throughput,
  ansible,
  help,
  deploy,
  recovery,
  parked,
  rotation,
];
const page = join(import.meta.dirname, '..', '..', 'docs', 'performance.md');

const usage = `Measures what runbook costs, each figure beside what it is held against.

  npm run bench                    every row; writes the table of docs/performance.md
  npm run bench -- ROW...          only these rows; writes nothing
  npm run bench -- --json          the figures as JSON
  npm run bench -- --quick         few rounds, to try the benchmark itself; writes nothing

Exit code 1 when a budget is not kept. Let nothing else run on the machine meanwhile.

Rows:
${rows.map(({ name, what }) => `  ${name.padEnd(12)} ${what}`).join('\n')}
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean' }, quick: { type: 'boolean' }, help: { type: 'boolean' } },
});
const unknown = positionals.filter((name) => !rows.some((row) => row.name === name));

if (values.help || unknown.length > 0) {
  const wrong = unknown.map((name) => `there is no row ${name}\n\n`).join('');
  process[unknown.length > 0 ? 'stderr' : 'stdout'].write(wrong + usage);
  process.exit(unknown.length > 0 ? 2 : 0);
}

const chosen =
  positionals.length > 0 ? rows.filter(({ name }) => positionals.includes(name)) : rows;
const bench = await measure(chosen, values.quick === true);
process.stdout.write(values.json ? `${JSON.stringify(bench, undefined, 2)}\n` : benchText(bench));
if (chosen === rows && !values.quick) await writeTable(page, bench);
process.exit(bench.figures.every(({ kept }) => kept) ? 0 : 1);

async function measure(chosen: readonly Row[], quick: boolean): Promise<Bench> {
  const [date, startedMs] = [new Date().toISOString(), performance.now()];
  const figures: Bench['figures'][number][] = [];
  for (const row of chosen) {
    process.stderr.write(`bench: ${row.what}\n`);
    const measured = await row.measure(quick);
    figures.push(...measured.map((figure) => ({ ...figure, kept: isKept(figure) })));
  }
  const seconds = Math.round((performance.now() - startedMs) / 1000);
  const [commit, machine] = [await measuredCommit(), await machineFacts()];
  return { schema: 'runbook.bench/v1', date, commit, machine, seconds, figures };
}
