import { ActivityFailure, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import { limits } from '../shared/limits.ts';
import type {
  SecretHistory,
  SecretsQuestion,
  SecretsReport,
  SecretVerdict,
} from '../shared/secrets-report.ts';

const { secretsReport, secretHistory } = proxyActivities<Activities>({
  startToCloseTimeout: '30s',
  retry: { maximumAttempts: 3 },
});
const { verifySecret } = proxyActivities<Activities>({
  startToCloseTimeout: '40s',
  retry: { maximumAttempts: 1 },
});

/** Tells of a platform's secrets what only the worker's host knows. No value is in any answer. */
export async function runbookSecretsReport(
  question: SecretsQuestion,
): Promise<SecretsReport | SecretHistory | readonly SecretVerdict[]> {
  if (question.ask === 'history') return secretHistory(question);
  const report = await secretsReport(question);
  if (question.ask === 'report') return report;
  const verdicts: SecretVerdict[] = [];
  const waiting = [...report.secrets.keys()];
  const lane = async () => {
    for (let at = waiting.shift(); at !== undefined; at = waiting.shift()) {
      const { name, coverage } = report.secrets[at] ?? { name: '', coverage: 'not-covered' };
      const asked = { platform: report.platform, name, run: workflowInfo().workflowId };
      verdicts[at] = await verifySecret(asked).catch((error) => {
        if (!(error instanceof ActivityFailure)) throw error;
        const words = `it could not be told: ${error.cause?.message ?? error.message}`;
        return { name, coverage, ok: false, checks: [{ what: 'the check', ok: false, words }] };
      });
    }
  };
  await Promise.all(Array.from({ length: limits.secretProofs }, lane));
  return verdicts;
}
