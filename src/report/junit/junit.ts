import type { RunReport } from '../../shared/report.ts';
import { findingCase, runCase, seconds, stepCase, suiteName, undoCase } from './cases.ts';
import { type Element, element, xmlDocument } from './xml.ts';

/**
 * A run as JUnit XML, for build servers that show test results: a suite for the run, a case for every
 * step, every finding with a verdict and every undo that failed.
 */
export function renderJunit(report: RunReport): string {
  const cases = [
    ...report.steps.map((step) => stepCase(report, step)),
    ...report.steps.flatMap((step) => undoCase(report, step)),
    ...report.findings.flatMap((finding) => findingCase(report, finding)),
    ...runCase(report),
  ];
  const counts = {
    tests: cases.length,
    failures: cases.filter(({ verdict }) => verdict === 'failed').length,
    errors: 0,
    skipped: cases.filter(({ verdict }) => verdict === 'skipped').length,
    time: seconds(report),
  };
  const suite = element(
    'testsuite',
    { name: suiteName(report), ...counts, timestamp: report.startedAt },
    [properties(report), ...cases.map((one) => one.element)],
  );
  return xmlDocument(element('testsuites', { name: 'runbook', ...counts }, [suite]));
}

/** What belongs to no case: who ran it and how it ended, and findings that are facts only. */
function properties(report: RunReport): Element {
  const { run, by, trigger, outcome, summary, codeVersion, findings } = report;
  const facts = { run, by, trigger, outcome, summary, codeVersion };
  const told = findings.filter(({ ok }) => ok === undefined);
  return element('properties', {}, [
    ...Object.entries(facts).map(([name, value]) => element('property', { name, value })),
    ...told.map(({ name, value }) => element('property', { name: `finding: ${name}`, value })),
  ]);
}
