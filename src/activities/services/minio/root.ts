import { z } from 'zod';
import type { AccountType } from '../credentials.ts';
import { Region, readAccount, UserName } from './account.ts';
import { askAdmin, decrypted } from './admin.ts';
import { consumersEndpoint, memberEndpoint } from './endpoint.ts';
import { holding } from './prove.ts';
import { sendSigned } from './signed-request.ts';
import { judge } from './verdict.ts';

const Account = z.strictObject({ user: UserName, region: Region });

/**
 * MinIO's root user, whose password MinIO reads when it starts. Users, access keys and policies stay. The name is not
 * to be changed: access keys below the old one would have no rights any more.
 */
export const root: AccountType = {
  title: "MinIO's root user",
  account: Account,
  strategies: ['single'],
  takenAtStart: true,
  cost: 'MinIO restarts',

  nextLogin: (target) => readAccount(target, Account).user,

  async holds(target, secret) {
    const { region } = readAccount(target, Account);
    return (await holding({ endpoint: await memberEndpoint(target), region }, secret)).holding;
  },

  /** The restart has done it. */
  set: async () => ({ at: new Date().toISOString() }),
  retire: async () => {},

  /** Lists buckets, and policies as an administrator; root has no bucket of its own to write into. */
  async prove(target, secret) {
    const { region } = readAccount(target, Account);
    const endpoint = await consumersEndpoint(target);
    const answer = await sendSigned(endpoint, secret, region, { method: 'GET', path: '/' });
    const judged = judge(endpoint, secret, answer);
    if (typeof judged === 'object') return judged;
    await askAdmin({ endpoint, secret }, { method: 'GET', verb: 'list-canned-policies' });
    return { accepted: true, words: `${secret.login}: lists buckets and policies` };
  },

  async census(target, secret) {
    const admin = { endpoint: await memberEndpoint(target), secret };
    const ask = (verb: string, query = {}) => askAdmin(admin, { method: 'GET', verb, query });
    const users = Users.parse(JSON.parse(await decrypted(admin, await ask('list-users'))));
    const all = { all: 'true', listType: 'svcacc-only' };
    const answer = await ask('list-access-keys-bulk', all);
    const keys = Keys.parse(JSON.parse(await decrypted(admin, answer)));
    const policies = Policies.parse(
      JSON.parse((await ask('list-canned-policies')).body.toString('utf8')),
    );
    return {
      users: Object.keys(users).length,
      accessKeys: Object.values(keys).flatMap(({ serviceAccounts }) => serviceAccounts).length,
      policies: Object.keys(policies).length,
    };
  },
};

const Users = z.record(z.string(), z.unknown());
const Policies = z.record(z.string(), z.unknown());
const Keys = z.record(
  z.string(),
  z.object({
    serviceAccounts: z
      .array(z.unknown())
      .nullish()
      .transform((keys) => keys ?? []),
  }),
);
