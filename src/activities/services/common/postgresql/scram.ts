import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { refuse } from '../../../../shared/errors.ts';

const derive = promisify(pbkdf2);

const saltBytes = 16;
const digestBytes = 32;
/** PostgreSQL's own default; more iterations only cost every login more. */
const defaultIterations = 4096;

/** Exactly what PostgreSQL takes for a verifier: anything else it would hash as if it were the password. */
const verifierPattern =
  /^SCRAM-SHA-256\$([1-9]\d{0,6}):([A-Za-z0-9+/]+={0,2})\$([A-Za-z0-9+/]{43}=):([A-Za-z0-9+/]{43}=)$/;

/**
 * What PostgreSQL keeps of a password (RFC 5803). It is made here, so that no statement has the password. The salt
 * is random: any client is told it, and one that was made of the value would be a free test of guesses.
 */
export async function scramVerifier(
  value: string,
  { iterations = defaultIterations, salt = randomBytes(saltBytes) } = {},
): Promise<string> {
  const { storedKey, serverKey } = await keysOf(checkedValue(value), salt, iterations);
  const verifier = `SCRAM-SHA-256$${iterations}:${base64(salt)}$${base64(storedKey)}:${base64(serverKey)}`;
  if (verifierPattern.test(verifier)) return verifier;
  // PostgreSQL would take it for the password itself.
  throw new Error('a SCRAM verifier came out malformed');
}

/** Whether what PostgreSQL keeps was made of this value, told without a login. */
export async function isVerifierOf(
  stored: string | undefined,
  { login, value }: { readonly login: string; readonly value: string },
): Promise<boolean> {
  if (stored === undefined) return false;
  if (/^md5[0-9a-f]{32}$/.test(stored)) {
    return isSame(stored, `md5${createHash('md5').update(`${value}${login}`).digest('hex')}`);
  }
  const [, iterations, salt = '', storedKey = '', serverKey = ''] =
    verifierPattern.exec(stored) ?? [];
  if (iterations === undefined) return false;
  const keys = await keysOf(checkedValue(value), Buffer.from(salt, 'base64'), Number(iterations));
  return isSame(storedKey, base64(keys.storedKey)) && isSame(serverKey, base64(keys.serverKey));
}

async function keysOf(value: string, salt: Buffer, iterations: number) {
  const salted = await derive(value, salt, iterations, digestBytes, 'sha256');
  const clientKey = createHmac('sha256', salted).update('Client Key').digest();
  return {
    storedKey: createHash('sha256').update(clientKey).digest(),
    serverKey: createHmac('sha256', salted).update('Server Key').digest(),
  };
}

/** Printable ASCII is what SASLprep leaves as it is; values that are minted have letters and digits only. */
function checkedValue(value: string): string {
  if (/^[\x20-\x7e]+$/.test(value)) return value;
  throw refuse(
    'RB_CREDENTIAL_VALUE',
    'a password for PostgreSQL has characters that servers read in different ways',
    'expected printable ASCII; what was given is empty or has something else',
    'give the account a secret of another name, in the platform file and in its consumers: a deploy makes the value; then set that one by hand (ALTER ROLE)',
  );
}

const base64 = (bytes: Buffer) => bytes.toString('base64');

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
