/** Every workflow type that the worker registers, under the name that people type. */
export { runbookCheckRequest as 'runbook-check-request' } from './check-request.ts';
export { deploy as 'deploy' } from './deploy.ts';
export { runbookLock as 'runbook-lock' } from './lock.ts';
export { migrateSecrets as 'migrate-secrets' } from './migrate-secrets.ts';
export { runbookNotify as 'runbook-notify' } from './notify.ts';
export { runbookReadLog as 'runbook-read-log' } from './read-log.ts';
export { restart as 'restart' } from './restart.ts';
export { rotateSecrets as 'rotate-secrets' } from './rotate-secrets.ts';
export { runbookSecretsReport as 'runbook-secrets-report' } from './secrets-report.ts';
export { runbookSweep as 'runbook-sweep' } from './sweep.ts';
// biome-ignore lint/style/noDefaultExport: it is how the SDK hands over every other workflow type
export { unknownRunbook as default } from './unknown-runbook.ts';
export { verifyPlatform as 'verify-platform' } from './verify-platform.ts';
