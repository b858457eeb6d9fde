import { serviceWorkflows } from '../../shared/messages.ts';
import type {
  SecretHistory,
  SecretsQuestion,
  SecretsReport,
  SecretVerdict,
} from '../../shared/secrets-report.ts';
import type { Link } from '../connection.ts';
import { call } from './rpc.ts';
import { askService, serviceDeadlineMs } from './service.ts';

/** Proofs are logins at services, some of them side by side. */
const verifyDeadlineMs = 180_000;

type Named = { readonly platform?: string; readonly names: readonly string[] };

/** What the worker's host knows of a platform's secrets; its default platform when none is named. */
export interface Secrets {
  /** Of all secrets when no names are given. */
  report(asked: Named): Promise<SecretsReport>;
  history(asked: { readonly platform?: string; readonly name: string }): Promise<SecretHistory>;
  verify(asked: Named): Promise<readonly SecretVerdict[]>;
}

export function createSecrets(link: Link): Secrets {
  const ask = <Answer>(question: SecretsQuestion, deadlineMs = serviceDeadlineMs) =>
    call(link, { answerer: 'worker', deadlineMs }, () =>
      askService<Answer>(
        link,
        { type: serviceWorkflows.secretsReport, id: `secrets/${question.ask}`, deadlineMs },
        question,
      ),
    );
  return {
    report: (asked) => ask({ ask: 'report', ...asked }),
    history: (asked) => ask({ ask: 'history', ...asked }),
    verify: (asked) => ask({ ask: 'verify', ...asked }, verifyDeadlineMs),
  };
}
