import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LoginSecret, LoginVerdict } from '../../../src/activities/services/credentials.ts';
import { accessKey } from '../../../src/activities/services/minio/access-key.ts';
import { askAdmin } from '../../../src/activities/services/minio/admin.ts';
import { memberEndpoint } from '../../../src/activities/services/minio/endpoint.ts';
import { root } from '../../../src/activities/services/minio/root.ts';
import { freshValue, LabMinio } from '../../support/lab-minio.ts';
import { leaks } from '../../support/secret-leaks.ts';
import { until } from '../../support/until.ts';

/** Accounts of a real MinIO. Each test goes on from the last. */

let minio: LabMinio;
beforeAll(async () => {
  minio = await LabMinio.start();
}, 120_000);
afterAll(() => minio?.platform.destroy());

const account = { user: 'canary', bucket: 'canary' };
const known = new Map<string, string>();
const target = (changes = {}) => minio.target(account, changes);
const remove = (login: string) => accessKey.remove?.(target(), login);

function next(current: LoginSecret, version: string): LoginSecret {
  const secret = {
    login: accessKey.nextLogin(target(), current.login, version),
    value: freshValue(),
  };
  known.set(`${secret.login}`, secret.value);
  return secret;
}

const refusalOf = (verdict: LoginVerdict) => (verdict.accepted ? undefined : verdict.refusal);

/** Logs in all the time with what is delivered, as a client does that reads its file at every use. */
function client(first: LoginSecret) {
  let [delivered, goesOn] = [first, true];
  const seen = { logins: 0, refusals: [] as string[] };
  const done = (async () => {
    while (goesOn) {
      const verdict = await accessKey.prove(target(), delivered);
      seen.logins += 1;
      if (!verdict.accepted) seen.refusals.push(verdict.words);
    }
  })();
  return {
    deliver: (secret: LoginSecret) => {
      delivered = secret;
    },
    moreLogins: async (count: number) => {
      const enough = seen.logins + count;
      await until(`${count} more logins`, async () => seen.logins >= enough);
    },
    end: async () => {
      goesOn = false;
      await done;
      return seen;
    },
  };
}

async function addUser({ login, value }: LoginSecret): Promise<void> {
  const admin = { endpoint: await memberEndpoint(target()), secret: minio.root };
  const body = { secretKey: value, status: 'enabled' };
  await askAdmin(admin, { method: 'PUT', verb: 'add-user', query: { accessKey: login }, body });
  await minio.mc('admin', 'policy', 'attach', 'lab', 'bucket-canary', '--user', login);
}

async function placesOfContainer(): Promise<[string, string][]> {
  const run = async (...args: string[]) => (await execa('docker', args, { all: true })).all;
  const { container } = minio;
  const environ = 'cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline 2>/dev/null | tr "\\0" "\\n"';
  return [
    ['docker top', await run('top', container, '-eo', 'pid,args')],
    ['docker inspect', await run('inspect', container)],
    ['the log', await run('logs', container)],
    ['environments', await run('exec', '--user', '0', container, 'sh', '-c', environ)],
    [
      'files',
      await run(
        'exec',
        container,
        'sh',
        '-c',
        'cat $(find /dev/shm /tmp /run -type f ! -path "/run/secrets/*") /dev/null',
      ),
    ],
  ];
}

describe('an access key of an application', () => {
  let current: LoginSecret;

  test("moves from the user's own secret to an access key below it, and no login is refused", async () => {
    current = minio.canary;
    known.set('canary', current.value);
    expect(await accessKey.holds(target(), current)).toBe('this');
    const second = next(current, 'v2');
    expect(second.login).toBe('canaryv2');
    expect(await accessKey.holds(target(), second)).toBe('missing');
    const reader = client(current);
    await reader.moreLogins(5);

    const { at } = await accessKey.set(target(), second);
    await reader.moreLogins(5);
    expect(Math.abs(Date.parse(at) - Date.now())).toBeLessThan(5000);
    expect(await accessKey.holds(target(), second)).toBe('this');
    expect(await accessKey.prove(target(), current)).toMatchObject({ accepted: true });
    reader.deliver(second);
    // The login that is under way still has the old one.
    await reader.moreLogins(2);
    await accessKey.retire(target(), current);
    const old = await accessKey.prove(target(), current);
    await reader.moreLogins(5);
    const seen = await reader.end();

    expect(refusalOf(old)).toBe('SignatureDoesNotMatch');
    expect(seen.refusals).toEqual([]);
    process.stdout.write(`minio: ${seen.logins} logins, ${seen.refusals.length} refused\n`);
    current = second;
  });

  test('moves from one access key to the next; the old one is disabled, comes back, and is deleted', async () => {
    const old = current;
    const third = next(old, 'v3');
    await accessKey.set(target(), third);
    await accessKey.retire(target(), old);
    const disabled = await accessKey.prove(target(), old);
    expect(disabled).toMatchObject({
      refusal: 'InvalidAccessKeyId',
      words: 'canaryv2: it is disabled',
    });
    expect(await accessKey.holds(target(), old)).toBe('missing');

    await accessKey.set(target(), old);
    expect(await accessKey.prove(target(), old)).toMatchObject({ accepted: true });
    await expect(remove(old.login)).rejects.toMatchObject({ code: 'RB_SECRET_FOREIGN' });

    await accessKey.retire(target(), old);
    await remove(old.login);
    const gone = await accessKey.prove(target(), old);
    expect(gone).toMatchObject({ refusal: 'InvalidAccessKeyId' });
    expect(gone.words).not.toContain('disabled');
    await remove(old.login);
    expect(await minio.mc('admin', 'accesskey', 'list', 'lab', 'canary')).not.toContain('canaryv2');
    current = third;
  });

  test('finds its own access key when the answer was lost, and refuses one that somebody changed', async () => {
    const { login } = current;
    await accessKey.set(target(), current);
    await accessKey.retire(target(), { login, value: freshValue() });
    expect(await accessKey.holds(target(), current)).toBe('this');
    expect(await accessKey.holds(target(), { login, value: freshValue() })).toBe('another');

    const foreign = accessKey.set(target(), { login, value: freshValue() });
    await expect(foreign).rejects.toMatchObject({ code: 'RB_SECRET_FOREIGN', retry: 'never' });
    expect(await accessKey.holds(target(), current)).toBe('this');
  });

  test('touches neither an access key of another user nor a user of the same name', async () => {
    const others = minio.target({ user: 'lakehouse', bucket: 'warehouse' });
    const taken = { code: 'RB_ACCOUNT_TAKEN' };
    const overwriting = accessKey.set(others, { ...current, value: freshValue() });
    await expect(overwriting).rejects.toMatchObject(taken);
    await expect(accessKey.remove?.(others, current.login)).rejects.toMatchObject(taken);
    await expect(accessKey.set(others, minio.canary)).rejects.toMatchObject(taken);
    expect(await accessKey.holds(target(), current)).toBe('this');
  });

  test('retires a user that has the name of an access key, as a new disk begins with', async () => {
    const begun = next(current, 'v7');
    await addUser(begun);
    expect(await accessKey.set(target(), begun)).toHaveProperty('at');
    expect(await accessKey.prove(target(), begun)).toMatchObject({ accepted: true });
    const replaced = { ...begun, value: freshValue() };
    await accessKey.set(target({ strategy: 'single' }), replaced);
    expect(await accessKey.prove(target(), replaced)).toMatchObject({ accepted: true });
    await accessKey.retire(target(), replaced);
    expect(refusalOf(await accessKey.prove(target(), replaced))).toBe('SignatureDoesNotMatch');
    await minio.mc('admin', 'user', 'remove', 'lab', begun.login);
  });

  test('replaces the secret of a present access key where there is only one', async () => {
    const single = target({ strategy: 'single' });
    const login = accessKey.nextLogin(single, current.login, 'v4');
    const fourth = { login, value: freshValue() };
    known.set('v4', fourth.value);
    await accessKey.set(single, fourth);
    expect(await accessKey.prove(single, fourth)).toMatchObject({ accepted: true });
    expect(refusalOf(await accessKey.prove(single, current))).toBe('SignatureDoesNotMatch');
    current = fourth;
  });

  test('leaves nothing in the bucket, whatever it proves', async () => {
    for (const access of ['read', 'write', 'read-write']) {
      const proof = await accessKey.prove(minio.target({ ...account, access }), current);
      expect(proof.accepted).toBe(true);
    }
    expect(await minio.mc('ls', '--recursive', '--versions', 'lab/canary')).toBe('');
    expect(await minio.mc('ls', '--incomplete', '--recursive', 'lab/canary')).toBe('');
    const elsewhere = accessKey.prove(
      minio.target({ user: 'canary', bucket: 'warehouse' }),
      current,
    );
    await expect(elsewhere).rejects.toMatchObject({ code: 'RB_PROOF_DENIED' });
  });

  test('says who is missing, and whose secret is wrong', async () => {
    const nobody = minio.target({ user: 'nobody', bucket: 'canary' });
    const unknown = { code: 'RB_ACCOUNT_UNKNOWN', retry: 'never' };
    await expect(
      accessKey.set(nobody, { login: 'nobodyv2', value: freshValue() }),
    ).rejects.toMatchObject(unknown);
    await expect(
      accessKey.set(nobody, { login: 'nobody', value: freshValue() }),
    ).rejects.toMatchObject(unknown);
    const stranger = target({ secret: async () => ({ ...minio.root, value: freshValue() }) });
    await expect(accessKey.set(stranger, next(current, 'v9'))).rejects.toMatchObject({
      ...{ code: 'RB_CREDENTIAL_ADMIN', why: expect.stringContaining('signature') },
    });
    const application = { secret: async () => current };
    const others = minio.target({ user: 'lakehouse', bucket: 'warehouse' }, application);
    await expect(accessKey.set(others, next(current, 'v9'))).rejects.toMatchObject({
      code: 'RB_CREDENTIAL_ADMIN',
    });
  });

  test('tries again when MinIO was stopped in the middle', async () => {
    const fifth = next(current, 'v5');
    await minio.platform.compose('kill', 'minio');
    const again = { code: 'RB_CREDENTIAL_UNANSWERED', retry: 'maybe' };
    await expect(accessKey.set(target(), fifth)).rejects.toMatchObject(again);
    await expect(accessKey.prove(target(), current)).rejects.toMatchObject(again);
    await expect(accessKey.holds(target(), current)).rejects.toMatchObject(again);
    await minio.platform.compose('start', 'minio');
    await until('MinIO takes it', () => accessKey.set(target(), fifth));
    expect(await accessKey.prove(target(), fifth)).toMatchObject({ accepted: true });
    await accessKey.retire(target(), current);
    current = fifth;
  });
});

test('a new password of root leaves users, access keys and policies, and the old one is refused', async () => {
  const rootTarget = () => minio.target({ user: minio.root.login }, { strategy: 'single' });
  const old = minio.root;
  const fresh = { login: old.login, value: freshValue() };
  const before = await root.census?.(rootTarget(), old);
  expect(before).toMatchObject({ users: 2, accessKeys: 2 });
  expect(await root.prove(rootTarget(), old)).toMatchObject({ accepted: true });
  expect(await root.holds(rootTarget(), fresh)).toBe('another');

  await minio.restartWithRoot(fresh.value);
  await until('MinIO is back', () => root.holds(rootTarget(), fresh));

  known.set('root before', old.value).set('root', fresh.value);
  expect(await root.prove(rootTarget(), fresh)).toMatchObject({ accepted: true });
  expect(refusalOf(await root.prove(rootTarget(), old))).toBe('SignatureDoesNotMatch');
  expect(await root.census?.(rootTarget(), fresh)).toEqual(before);
  const key = { login: 'canaryv5', value: known.get('canaryv5') ?? '' };
  expect(await accessKey.prove(target(), key)).toMatchObject({ accepted: true });
});

test('shows no secret in processes, environments, the log or Docker, and leaves no file', async () => {
  expect(known.size).toBeGreaterThan(6);
  const places = await placesOfContainer();
  const empty = places.filter(([, text]) => text === '').map(([place]) => place);
  expect(empty).toEqual(['files']);
  expect(leaks(known, places)).toEqual([]);
});
