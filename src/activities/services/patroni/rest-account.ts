import { z } from 'zod';
import { RunbookError, refuse } from '../../../shared/errors.ts';
import { readAccount } from '../common/postgresql/account.ts';
import type { AccountType, CredentialTarget, LoginSecret, LoginVerdict } from '../credentials.ts';
import type { ServiceHandle } from '../kind.ts';
import { restUrl } from './cluster.ts';
import { servers } from './servers.ts';

/** Of HTTP's basic authentication: a colon ends the name. */
const Account = z.strictObject({
  user: z.string().regex(/^[\x21-\x39\x3b-\x7e]{1,64}$/, {
    error: 'expected a name of printable letters without blanks and colons',
  }),
});

/**
 * Asks for a change of the cluster's configuration that changes nothing: to take away a key that is not there; once without
 * and once with the password, which comes on standard input. It is asked inside the container: where Patroni lives, its
 * language is there too, and an allowlist has its own address.
 */
const script = `
import base64, json, ssl, sys, urllib.error, urllib.request
def ask(headers):
    headers["Content-Type"] = "application/json"
    body = b'{"runbook_proof": null}'
    request = urllib.request.Request(sys.argv[1], body, headers, method="PATCH")
    context = ssl._create_unverified_context() if sys.argv[1].startswith("https:") else None
    try:
        return urllib.request.urlopen(request, timeout=4, context=context).status
    except urllib.error.HTTPError as error:
        return error.code
pair = ":".join(json.load(sys.stdin)).encode()
basic = "Basic " + base64.b64encode(pair).decode()
print(json.dumps([ask({}), ask({"Authorization": basic})]))
`;

const Statuses = z.tuple([z.int(), z.int()]);

async function statusesAt(service: ServiceHandle, member: string, pair: readonly [string, string]) {
  const argv = ['python3', '-c', script, restUrl(service, '/config')];
  const { exitCode, stdout, stderr } = await service.exec(member, argv, {
    input: JSON.stringify(pair),
    timeoutMs: 10_000,
  });
  if (exitCode === 0) return Statuses.parse(JSON.parse(stdout));
  throw new RunbookError('RB_CREDENTIAL_UNANSWERED', `Patroni's REST API in ${member} is silent`, {
    why: stderr.trim().split('\n').at(-1) ?? 'no answer',
    fix: `see whether ${member} is well and has python3, then retry`,
  });
}

/** Every member has its own configuration: all have to agree. */
async function ask(target: CredentialTarget, secret: LoginSecret): Promise<LoginVerdict> {
  const { service } = target;
  const { user } = readAccount(target, Account);
  const members = (await servers.running(service)).map(({ member }) => member);
  const answers = await Promise.all(
    members.map(async (member) => {
      const [bare, status] = await statusesAt(service, member, [user, secret.value]);
      if (bare === 200) throw unguarded(service, member);
      return { member, status };
    }),
  );
  const statuses = new Set(answers.map(({ status }) => status));
  const words = answers.map(({ member, status }) => `${member} answers ${status}`).join(', ');
  if (statuses.size === 1 && statuses.has(401))
    return { accepted: false, refusal: 'HTTP 401', words };
  if (statuses.size === 1 && statuses.has(200)) return { accepted: true, words };
  throw new RunbookError('RB_MEMBERS_DISAGREE', `the members of ${service.name} do not agree`, {
    why: words || 'no member runs',
    fix: 'let every member read its configuration again, then retry',
  });
}

/** The user of Patroni's REST API, which stands in the configuration of its members and nowhere else. */
export const restAccount: AccountType = {
  title: "the user of Patroni's REST API",
  account: Account,
  strategies: ['single'],
  takenAtStart: true,
  nextLogin: (target) => readAccount(target, Account).user,
  holds: async (target, secret) => ((await ask(target, secret)).accepted ? 'this' : 'another'),
  // Members take it from their files; what is left is to tell the time.
  set: async () => ({ at: new Date().toISOString() }),
  prove: ask,
  retire: async () => {},
};

const unguarded = ({ name }: ServiceHandle, member: string) =>
  refuse(
    'RB_ACCOUNT_UNKNOWN',
    `Patroni's REST API of ${name} has no user`,
    `${member} takes a change without a password`,
    'set restapi.authentication in the configuration of every member, then reload them',
  );
