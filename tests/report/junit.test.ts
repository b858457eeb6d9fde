import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { renderJunit } from '../../src/report/junit/junit.ts';
import { hostileReport } from '../support/hostile-report.ts';
import { at, report, step } from './sample-reports.ts';

const unhealthy = {
  code: 'RB_UNHEALTHY',
  what: '1 of 2 services is not healthy: db',
  why: 'db: no leader',
  fix: 'look at the logs of db',
};

const verified = report({
  run: 'verify-1',
  runbook: 'verify-platform',
  title: 'Verify the platform',
  outcome: 'failed',
  changed: false,
  summary: 'Failed, nothing was changed.',
  error: unhealthy,
  steps: [
    step('config', { title: 'Validate', result: '9 services' }),
    step('verify-health', {
      title: 'Verify the health',
      status: 'failed',
      endedAt: at(2500),
      error: unhealthy,
    }),
  ],
  findings: [
    { name: 'health of web', value: '200 on :80', ok: true },
    { name: 'health of db', value: 'no leader', ok: false },
    { name: 'release', value: '7' },
  ],
});

test('a case for every step and every finding with a verdict; the rest are properties', () => {
  expect(renderJunit(verified)).toMatchInlineSnapshot(`
    "<?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="runbook" tests="4" failures="2" errors="0" skipped="0" time="12.300">
      <testsuite name="verify-platform.lab" tests="4" failures="2" errors="0" skipped="0" time="12.300" timestamp="2026-11-23T14:03:07.000Z">
        <properties>
          <property name="run" value="verify-1"/>
          <property name="by" value="ann@ops-1"/>
          <property name="trigger" value="cli"/>
          <property name="outcome" value="failed"/>
          <property name="summary" value="Failed, nothing was changed."/>
          <property name="codeVersion" value="0.0.1+3f2a9c1"/>
          <property name="finding: release" value="7"/>
        </properties>
        <testcase classname="verify-platform.lab.steps" name="config: Validate" time="1.000">
          <system-out>done: 9 services</system-out>
        </testcase>
        <testcase classname="verify-platform.lab.steps" name="verify-health: Verify the health" time="2.500">
          <failure type="RB_UNHEALTHY" message="1 of 2 services is not healthy: db">code  RB_UNHEALTHY
    what  1 of 2 services is not healthy: db
    why   db: no leader
    fix   look at the logs of db</failure>
        </testcase>
        <testcase classname="verify-platform.lab.findings" name="health of web">
          <system-out>200 on :80</system-out>
        </testcase>
        <testcase classname="verify-platform.lab.findings" name="health of db">
          <failure type="RB_FINDING_NOT_OK" message="no leader">code  RB_FINDING_NOT_OK
    what  no leader
    why   the run found this not to be as it should
    fix   see the whole report with runbook report verify-1</failure>
        </testcase>
      </testsuite>
    </testsuites>
    "
  `);
});

const cases = (xml: string) =>
  [...xml.matchAll(/<testcase classname="([^"]*)" name="([^"]*)"[^>]*>\s*<(\w[\w-]*)/g)].map(
    ([, group = '', name, verdict]) => [group.split('.').at(-1), name, verdict],
  );

test('what a later try or a person settled is no failure, what was not carried out is skipped', () => {
  const steps = [
    step('a', { status: 'done', error: unhealthy, tries: 2 }),
    step('b', { status: 'skipped', error: unhealthy }),
    step('c', { status: 'undone' }),
    step('d', { status: 'stopped' }),
    step('e', { status: 'undone', error: unhealthy }),
    step('f', { status: 'undoing' }),
  ];
  expect(cases(renderJunit(report({ steps, outcome: 'undone', error: unhealthy })))).toEqual([
    ['steps', 'a: Do a', 'system-out'],
    ['steps', 'b: Do b', 'skipped'],
    ['steps', 'c: Do c', 'skipped'],
    ['steps', 'd: Do d', 'skipped'],
    ['steps', 'e: Do e', 'failure'],
    ['steps', 'f: Do f', 'failure'],
  ]);
});

test('an undo that failed and an error beside the steps have cases of their own', () => {
  const undoError = { code: 'RB_X', what: 'still there' };
  const steps = [step('a', { status: 'undo-failed', error: unhealthy, undoError })];
  const error = { code: 'RB_LOCK_LOST', what: 'the lock is gone' };
  const xml = renderJunit(report({ title: 'Deploy', steps, outcome: 'failed', error }));
  expect(cases(xml)).toEqual([
    ['steps', 'a: Do a', 'failure'],
    ['undo', 'undo of a: Do a', 'failure'],
    ['run', 'Deploy', 'failure'],
  ]);
  expect(xml).toContain('tests="3" failures="3" errors="0" skipped="0"');
});

test('a run that succeeded has no failure', () => {
  expect(renderJunit(report({ steps: [step('a')] }))).toContain(
    'tests="1" failures="0" errors="0" skipped="0" time="12.300"',
  );
});

/** Real parsers that a machine may have; the browser test asks Chromium's in any case. */
const parsers: readonly (readonly [string, ...string[]])[] = [
  ['xmllint', '--noout', '-'],
  [
    'python3',
    '-c',
    'import sys, xml.sax; xml.sax.parse(sys.stdin.buffer, xml.sax.ContentHandler())',
  ],
];

test.each(parsers)('%s reads it, whatever stands in the report', (program, ...args) => {
  for (const xml of [renderJunit(verified), renderJunit(hostileReport)]) {
    const { error, status, stderr } = spawnSync(program, args, { input: xml, encoding: 'utf8' });
    if (error !== undefined && 'code' in error && error.code === 'ENOENT') return;
    expect([status, stderr]).toEqual([0, '']);
  }
});

test('nothing of a report becomes markup', () => {
  const xml = renderJunit(hostileReport);
  expect(xml).not.toMatch(/<(script|b)\b|<!\[CDATA\[/);
  for (const character of ['\u0000', '\u001b', '\uffff']) expect(xml).not.toContain(character);
  expect(xml).toBe(xml.toWellFormed());
});
