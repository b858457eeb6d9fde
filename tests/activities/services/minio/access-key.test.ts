import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { CredentialTarget } from '../../../../src/activities/services/credentials.ts';
import { accessKey } from '../../../../src/activities/services/minio/access-key.ts';
import { root } from '../../../../src/activities/services/minio/root.ts';
import { freePort } from '../../../support/free-port.ts';
import { ended, running, serviceDouble } from '../service-double.ts';

/** Requests on the wire, answered with what a real MinIO has answered. */

let stop: (() => void) | undefined;
afterEach(() => stop?.());

const secret = { login: 'canaryv2', value: 'Hidden0123456789' };
const account = { user: 'canary', bucket: 'canary' };

async function served(answer: RequestListener) {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stop = () => server.close();
  return { requests, port: (server.address() as AddressInfo).port };
}

function target(port: number, changes: Partial<CredentialTarget> = {}): CredentialTarget {
  const facts = [running('minio', { addresses: ['127.0.0.1'] })];
  return {
    service: serviceDouble(facts, undefined, { port }),
    account,
    strategy: 'dual',
    secret: async () => ({ login: 'root', value: 'Root0123456789' }),
    checkFence: async () => {},
    log: () => {},
    ...changes,
  };
}

const xml = (status: number, code: string, message: string): RequestListener => {
  const body = `<?xml version="1.0"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return (_request, response) => response.writeHead(status).end(body);
};
const json = (status: number, code: string, message: string): RequestListener => {
  const body = JSON.stringify({ Code: code, Message: message, Resource: '/' });
  return (_request, response) => response.writeHead(status).end(body);
};

const disabledWords = 'Your account is disabled; please contact your administrator.';

test.each([
  [
    'InvalidAccessKeyId',
    'The Access Key Id you provided does not exist in our records.',
    'missing',
  ],
  ['InvalidAccessKeyId', disabledWords, 'missing'],
  ['SignatureDoesNotMatch', 'The request signature we calculated does not match', 'another'],
  ['AccessDenied', 'Access Denied.', 'this'],
])('takes %s (%s) for: %s', async (code, message, holding) => {
  const { port } = await served(xml(403, code, message));
  expect(await accessKey.holds(target(port), secret)).toBe(holding);
});

test.each([
  ['XMinioServerNotInitialized', 503],
  ['SlowDown', 503],
  ['', 502],
])('tells nothing of a secret by %s (HTTP %i), and tries again', async (code, status) => {
  const { port } = await served(xml(status, code, 'words'));
  const again = { code: 'RB_CREDENTIAL_UNANSWERED', retry: 'maybe' };
  await expect(accessKey.holds(target(port), secret)).rejects.toMatchObject(again);
  await expect(accessKey.prove(target(port), secret)).rejects.toMatchObject(again);
  await expect(accessKey.set(target(port), secret)).rejects.toMatchObject(again);
});

test.each([
  ['RequestTimeTooSkewed', 403],
  ['AuthorizationHeaderMalformed', 400],
  ['', 404],
])('tells nothing of a secret by %j (HTTP %i), and says what it was', async (code, status) => {
  const { port } = await served(xml(status, code, 'words'));
  const told = { code: 'RB_CREDENTIAL_ANSWER', why: expect.stringContaining(`${status} ${code}`) };
  await expect(accessKey.holds(target(port), secret)).rejects.toMatchObject(told);
  await expect(accessKey.prove(target(port), secret)).rejects.toMatchObject(told);
});

test('a server that is away, or has no container that runs, can be tried again', async () => {
  const again = { code: 'RB_CREDENTIAL_UNANSWERED', retry: 'maybe' };
  await expect(accessKey.set(target(await freePort()), secret)).rejects.toMatchObject(again);
  const stopped = serviceDouble([ended('minio', 0)]);
  await expect(accessKey.set(target(9, { service: stopped }), secret)).rejects.toMatchObject(again);
});

test('a policy that denies the proof is no refusal of the secret', async () => {
  const { port } = await served(xml(403, 'AccessDenied', 'Access Denied.'));
  const denied = accessKey.prove(target(port), secret);
  await expect(denied).rejects.toMatchObject({
    code: 'RB_PROOF_DENIED',
    why: 'GET: Access Denied.',
  });
});

test('says that a key is disabled, which MinIO gives no code of its own', async () => {
  const { port } = await served(xml(403, 'InvalidAccessKeyId', disabledWords));
  expect(await accessKey.prove(target(port), secret)).toEqual({
    ...{ accepted: false, refusal: 'InvalidAccessKeyId', words: 'canaryv2: it is disabled' },
  });
});

test.each([
  ['SignatureDoesNotMatch', 'The request signature we calculated does not match', 403],
  ['InvalidAccessKeyId', 'The Access Key Id you provided does not exist in our records.', 403],
  ['AccessDenied', 'Access Denied.', 403],
])(
  'an administrator that is refused by %s is told, without a value',
  async (code, words, status) => {
    const { port } = await served(json(status, code, words));
    const refused = accessKey.set(target(port), secret);
    await expect(refused).rejects.toMatchObject({ code: 'RB_CREDENTIAL_ADMIN', retry: 'never' });
    const { message, why, fix } = await refused.catch((error) => error);
    expect([message, why, fix].join()).not.toMatch(/Hidden|Root0/);
  },
);

test('reads and writes as the account says, and sends no value', async () => {
  const bodies: string[] = [];
  const { port, requests } = await served(async (request, response) => {
    bodies.push(JSON.stringify(request.headers));
    for await (const chunk of request) bodies.push(String(chunk));
    response.end(
      '<InitiateMultipartUploadResult><UploadId>abc-1</UploadId></InitiateMultipartUploadResult>',
    );
  });
  const proved = async (access: string) => {
    requests.length = 0;
    const verdict = await accessKey.prove(
      target(port, { account: { ...account, access } }),
      secret,
    );
    expect(verdict.accepted).toBe(true);
    return requests.map((request) => request.replaceAll(/[0-9a-f]{16}/g, 'RANDOM'));
  };
  const listing = 'GET /canary?list-type=2&max-keys=1&prefix=.runbook-probe-';
  const object = '/canary/.runbook-probe-RANDOM';
  const upload = [
    `POST ${object}?uploads=`,
    `PUT ${object}?partNumber=1&uploadId=abc-1`,
    `DELETE ${object}?uploadId=abc-1`,
  ];
  expect(await proved('read')).toEqual([listing]);
  expect(await proved('write')).toEqual(upload);
  expect(await proved('read-write')).toEqual([listing, ...upload]);
  expect(bodies.join()).not.toContain(secret.value);
});

test('goes through the route of its consumers when it proves', async () => {
  const { port } = await served(xml(403, 'InvalidAccessKeyId', 'unknown'));
  const routed = target(await freePort(), { route: { host: '127.0.0.1', port } });
  expect(await accessKey.prove(routed, secret)).toMatchObject({ refusal: 'InvalidAccessKeyId' });
});

test.each([
  ['user', `canary'; rm -rf /`],
  ['user', 'a,b=c'],
  ['user', '--help'],
  ['user', 'ca'],
  ['bucket', 'canary/../other'],
  ['bucket', 'Canary'],
  ['region', 'us east'],
  ['access', 'all'],
  ['colour', 'red'],
])('sends nothing when the account has the %s %j', async (key, value) => {
  const { port, requests } = await served(xml(500, '', ''));
  const odd = target(port, { account: { ...account, [key]: value } });
  const invalid = { code: 'RB_ACCOUNT_INVALID', why: expect.stringContaining(`account.${key}`) };
  await expect(accessKey.set(odd, secret)).rejects.toMatchObject(invalid);
  await expect(accessKey.holds(odd, secret)).rejects.toMatchObject(invalid);
  await expect(accessKey.prove(odd, secret)).rejects.toMatchObject(invalid);
  await expect(accessKey.retire(odd, secret)).rejects.toMatchObject(invalid);
  await expect(accessKey.remove?.(odd, 'canaryv2')).rejects.toMatchObject(invalid);
  expect(() => accessKey.nextLogin(odd, 'canary', 'v2')).toThrow('described wrongly');
  expect(requests).toEqual([]);
});

test('makes no access key below the administrator', async () => {
  const { port, requests } = await served(xml(500, '', ''));
  const below = target(port, { account: { user: 'root', bucket: 'canary' } });
  await expect(accessKey.set(below, secret)).rejects.toMatchObject({ code: 'RB_ACCOUNT_INVALID' });
  expect(requests).toEqual([]);
});

test.each([
  ['SignatureDoesNotMatch', 'The request signature we calculated does not match', false],
  ['AccessDenied', 'Access Denied.', false],
  ['AccessDenied', 'Authentication failed, check your access credentials', true],
])('an administrator who gets %s (%s) is one: %s', async (code, message, isOne) => {
  const { port, requests } = await served(json(403, code, message));
  const asked = expect(accessKey.requireAdministrator?.(target(port)));
  if (isOne) await asked.resolves.toBeUndefined();
  else await asked.rejects.toMatchObject({ code: 'RB_CREDENTIAL_ADMIN', retry: 'never' });
  expect(requests).toEqual([expect.stringContaining('info-service-account?accessKey=canary')]);
});

test('changes nothing when a newer attempt has taken over', async () => {
  const { port, requests } = await served(xml(200, '', ''));
  const fenced = target(port, {
    checkFence: async () => {
      throw new Error('fenced');
    },
  });
  await expect(accessKey.set(fenced, secret)).rejects.toThrow('fenced');
  await expect(accessKey.retire(fenced, secret)).rejects.toThrow('fenced');
  expect(requests.filter((request) => !request.startsWith('GET '))).toEqual([]);
});

test('names the login of each version', () => {
  const dual = { account, strategy: 'dual' } as const;
  expect(accessKey.nextLogin(dual, undefined, 'v1')).toBe('canary');
  expect(accessKey.nextLogin(dual, 'canary', 'v2')).toBe('canaryv2');
  expect(accessKey.nextLogin(dual, 'canaryv2', 'v3')).toBe('canaryv3');
  expect(accessKey.nextLogin({ account, strategy: 'single' }, 'canaryv2', 'v3')).toBe('canaryv2');
  const single = { account: { user: 'lakehouse-root' }, strategy: 'single' } as const;
  expect(root.nextLogin(single, undefined, 'v1')).toBe('lakehouse-root');
});
