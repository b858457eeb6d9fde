/** Values that examples and images ship with; the first that an attacker tries. */
const knownDefaults = new Set(
  `123 1234 12345 123456 1234567 12345678 123456789 admin administrator changeit changeme changethis
   default demo dev dummy example foobar guest letmein minio minioadmin minio123 mysecret mysecretpassword
   none pass passw0rd password placeholder postgres qwerty replaceme root s3cr3t sample secret secretkey
   supersecret tbd test testing todo user welcome xxx xxxx`.split(/\s+/),
);

const secretName = /password|passwd|secret|token|key/i;

/** Whether a variable's name says that its value should be kept secret. */
export const hasSecretName = (name: string): boolean => secretName.test(name);

/** Whether a value is one that everybody knows, or says no more than the variable's name. */
export function looksDefault(name: string, value: string): boolean {
  const words = value.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  if (words === '') return false;
  if (words === name.toLowerCase().replaceAll(/[^a-z0-9]/g, '')) return true;
  // `changeme1` and `password123` are the same defaults with a tail for a password rule.
  return knownDefaults.has(words) || knownDefaults.has(words.replace(/\d{1,4}$/, ''));
}
