// Counts the tests in a vitest JSON report.
// usage: node script/sum-results.mjs REPORT EXIT_CODE   prints: PASSED FAILED SKIPPED FILES
import { readFileSync } from 'node:fs';

const [report, exitCode] = process.argv.slice(2);

/** A layer that died before it wrote a report is one failure. */
function load(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}

function count(summary, exit) {
  if (summary === null) return [0, 1, 0, 0];
  // A file that fails to load has no tests to count; neither has an error outside of any test.
  const broken = summary.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((t) => t.status === 'failed'),
  ).length;
  const failed = summary.numFailedTests + broken;
  const skipped = summary.numPendingTests + summary.numTodoTests;
  const unexplained = exit !== 0 && failed === 0 ? 1 : 0;
  return [summary.numPassedTests, failed + unexplained, skipped, summary.testResults.length];
}

process.stdout.write(`${count(load(report), Number(exitCode)).join(' ')}\n`);
