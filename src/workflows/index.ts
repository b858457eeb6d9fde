/** Every workflow type that the worker registers, under the name that people type. */
export { deploy as 'deploy' } from './deploy.ts';
export { runbookLock as 'runbook-lock' } from './lock.ts';
export { runbookReadLog as 'runbook-read-log' } from './read-log.ts';
export { verifyPlatform as 'verify-platform' } from './verify-platform.ts';
