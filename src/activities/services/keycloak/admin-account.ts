import { RunbookError } from '../../../shared/errors.ts';
import type { AccountType, CredentialTarget, OpenSession } from '../credentials.ts';
import { type AdminApi, adminApi, type Session } from './admin-api.ts';
import { asAdministrator } from './administrator.ts';
import { logIn } from './grants.ts';
import { askAsConsumer, askMember } from './location.ts';
import { administered, idOf, otherAdministrator, UserAccount } from './user-administration.ts';

/** An administrator's password. Keycloak knows one at a time: the new one ends the old. */
export const adminAccount: AccountType = {
  title: 'password of an administrator',
  account: UserAccount,
  strategies: ['single'],
  nextLogin: ({ account }) => UserAccount.parse(account).user,

  /** Keycloak shows no password: a login has to tell, and what it opens is ended again. */
  async holds(target, { value }) {
    const { user, realm } = UserAccount.parse(target.account);
    const other = await otherAdministrator(target);
    if (other !== undefined) {
      const id = await asAdministrator(target, other, realm, ({ api }) => api.userId(user));
      if (id === undefined) return 'missing';
    }
    const grant = await logIn(await askMember(target), realm, { login: user, value });
    if (!grant.granted) return 'another';
    await grant.end();
    return 'this';
  },

  async set(target, { value }) {
    const { user } = UserAccount.parse(target.account);
    return administered(target, value, async ({ api, login }) => {
      const id = await idOf(target, api);
      // The new value opened the account: it was set before a crash.
      if (login.login !== user || login.value !== value) {
        await target.checkFence();
        await setOnce(target, api, id, value);
      }
      return { at: (await api.passwordSetAt(id)).toISOString() };
    });
  },

  /** One attempt, at a pace that locks nobody out (`paced`). */
  async prove(target, { value }) {
    const { realm, user } = UserAccount.parse(target.account);
    const ask = await askAsConsumer(target);
    const grant = await logIn(ask, realm, { login: user, value });
    if (!grant.granted) {
      await requireUnlocked(target);
      return { accepted: false, refusal: grant.refusal, words: grant.words };
    }
    try {
      await adminApi(ask, realm, grant.token).readRealm();
    } finally {
      await grant.end();
    }
    return { accepted: true, words: `a token, the realm ${realm} read, the session ended again` };
  },

  /** `set` has ended the old value. */
  retire: async () => {},

  /** Keycloak keeps the second in which a session began: one of the very second counts as before. */
  async sessions(target, _login, openedBefore) {
    const before = openedBefore === undefined ? Number.POSITIVE_INFINITY : Date.parse(openedBefore);
    return administered(target, undefined, async ({ api, session }) =>
      (await api.sessions(await idOf(target, api)))
        .filter(({ id, start }) => id !== session && start < before)
        .map(openSession),
    );
  },

  async endSessions(target, sessions) {
    await administered(target, undefined, async ({ api }) => {
      for (const { id } of sessions) {
        await target.checkFence();
        await api.endSession(sessionOf(id));
      }
    });
  },
};

/** A value that is in force already is refused by a password history; then it was set before. */
async function setOnce(
  target: CredentialTarget,
  api: AdminApi,
  id: string,
  value: string,
): Promise<void> {
  try {
    await api.resetPassword(id, value);
  } catch (error) {
    if (!(error instanceof RunbookError) || error.code !== 'RB_CREDENTIAL_VALUE') throw error;
    const { realm, user } = UserAccount.parse(target.account);
    const grant = await logIn(await askMember(target), realm, { login: user, value });
    if (!grant.granted) throw error;
    await grant.end();
  }
}

/** A lock refuses the right password in the words for a wrong one; only another administrator can see it. */
async function requireUnlocked(target: CredentialTarget): Promise<void> {
  const { user, realm } = UserAccount.parse(target.account);
  const administrator = await otherAdministrator(target);
  if (administrator === undefined) return;
  const locked = await asAdministrator(target, administrator, realm, async ({ api }) =>
    api.isLocked(await idOf(target, api)),
  );
  if (!locked) return;
  throw new RunbookError('RB_CREDENTIAL_LOCKED', `Keycloak has locked the user ${user}`, {
    why: `its brute-force detection refuses every password of this user of the realm ${realm} for now`,
    fix: "wait until it ends, or end it in the admin console (the user's details); then retry",
  });
}

const offlinePrefix = 'offline:';

const openSession = ({ id, start, ipAddress, clients, offline }: Session): OpenSession => ({
  id: `${offline ? offlinePrefix : ''}${id}`,
  since: new Date(start).toISOString(),
  from: [ipAddress, ...Object.values(clients), ...(offline ? ['offline'] : [])].join(', '),
});

const sessionOf = (id: string): Pick<Session, 'id' | 'offline'> =>
  id.startsWith(offlinePrefix)
    ? { id: id.slice(offlinePrefix.length), offline: true }
    : { id, offline: false };
