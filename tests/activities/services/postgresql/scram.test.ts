import { createHash, createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  isVerifierOf,
  scramVerifier,
} from '../../../../src/activities/services/common/postgresql/scram.ts';

const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64');

/** The exchange of RFC 7677, section 3. */
const authMessage = [
  'n=user,r=rOprNGfwEbeRWgbNEkqO',
  'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
  'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0',
].join(',');
const clientProof = Buffer.from('dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=', 'base64');
const serverSignature = '6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=';

const signed = (key: Buffer) => createHmac('sha256', key).update(authMessage).digest();

test('the verifier accepts the proof, and gives the signature, of the RFC', async () => {
  const verifier = await scramVerifier('pencil', { salt });
  const [, stored = '', server = ''] = /^SCRAM-SHA-256\$4096:.+\$(.+):(.+)$/.exec(verifier) ?? [];
  expect(signed(Buffer.from(server, 'base64')).toString('base64')).toBe(serverSignature);
  const mask = signed(Buffer.from(stored, 'base64'));
  const clientKey = clientProof.map((byte, index) => byte ^ (mask[index] ?? 0));
  expect(createHash('sha256').update(clientKey).digest('base64')).toBe(stored);
});

test('a value is told from its verifier, whatever the salt, and another one is not', async () => {
  const first = await scramVerifier('pencil');
  const second = await scramVerifier('pencil', { iterations: 1000 });
  expect(first).not.toBe(second);
  for (const stored of [first, second]) {
    expect(await isVerifierOf(stored, { login: 'user', value: 'pencil' })).toBe(true);
    expect(await isVerifierOf(stored, { login: 'user', value: 'pencils' })).toBe(false);
  }
});

test('what a server kept before SCRAM is told as well', async () => {
  const stored = `md5${createHash('md5').update('penciluser').digest('hex')}`;
  expect(await isVerifierOf(stored, { login: 'user', value: 'pencil' })).toBe(true);
  expect(await isVerifierOf(stored, { login: 'other', value: 'pencil' })).toBe(false);
});

test.for([undefined, '', 'pencil', 'SCRAM-SHA-256$4096:$:', 'SCRAM-SHA-256$0:c2FsdA==$x:y'])(
  '%j is the verifier of nothing',
  async (stored) => {
    expect(await isVerifierOf(stored, { login: 'user', value: 'pencil' })).toBe(false);
  },
);

test.for(['', 'päss', 'two\nlines', '\u{1f600}'])(
  '%j is refused as a value, and not repeated',
  async (value) => {
    const error = await scramVerifier(value).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'RB_CREDENTIAL_VALUE', retry: 'never' });
    if (value !== '') expect(JSON.stringify(error) + String(error)).not.toContain(value);
  },
);
