import { taskQueue } from '../../shared/messages.ts';

/** The Temporal UI's form for starting a runbook, filled in as far as a link can do that. */
export function startFormLink(uiPort: number, namespace: string, runbook: string): string {
  const query = new URLSearchParams({ workflowType: runbook, taskQueue });
  return `${uiLink(uiPort)}/namespaces/${namespace}/workflows/start-workflow?${query}`;
}

/** Where the pages of the UI come from, as a browser names it. */
export const uiOrigins = (uiPort: number) => [uiLink(uiPort), `http://localhost:${uiPort}`];

export const uiLink = (uiPort: number) => `http://127.0.0.1:${uiPort}`;

export function upLines({
  address,
  uiPort,
  namespace,
}: {
  readonly address: string;
  readonly uiPort: number;
  readonly namespace: string;
}): string[] {
  return [
    `  Temporal  ${address} (namespace ${namespace})`,
    `  UI        ${uiLink(uiPort)}`,
    `  start     ${startFormLink(uiPort, namespace, 'deploy')}`,
  ];
}
