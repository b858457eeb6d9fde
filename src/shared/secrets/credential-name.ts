/** Whole words of a name that say that its value is a credential. */
const secretWord =
  /(?:^|_)(?:[a-z0-9]*(?:passwords?|passwd|passphrase|secrets?|apikey|secretkey)|pass|pwd|tokens?|keys?|credentials?|requirepass|masterauth)(?:_|$)/;

/** What the last word says is not the credential but something about it: where it is, how long, how it is made. */
const aboutIt =
  /_(?:file|files|path|dir|directory|location|locations|url|uri|endpoint|host|port|id|ids|name|names|type|kind|alias|alg|algorithm|cipher|encryption|hash_algorithm|length|size|bits|min|max|ttl|age|expiry|expires|expiration|lifetime|lifespan|timeout|interval|prefix|suffix|separator|policy|enabled|disabled|required|optional|issuer|audience|count|limit|format|encoding|method|mode|provider|store|rotation|header|field|column|schema|regex|pattern|command|arn|version|region|serializer|deserializer|converter|mechanism|class|user|username|bytes|server|service|source|class)$/;

/** Keys that are no secrets: they name, sort or publish. */
const otherKey =
  /(?:^|_)(?:public|pub|primary|foreign|partition|sort|routing|access|gpg|pgp|signing_gpg|idempotency|cache|object|host|registry|message|record|group|answer|hot)_keys?$/;

/** Ends of names whose values look random and are known to everybody who has the software. */
const fingerprintLike =
  /(?:^|_)(?:sha\d*|md5|digest|checksum|hash|fingerprint|gpg_keys?|commit|revision|rev|version|build|uuid|guid|id|ids|etag)$/;

/** `spring.datasource.dbPassword` and `--db-password` read as `spring_datasource_db_password`. */
const inWords = (name: string): string =>
  name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/[^A-Za-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .toLowerCase();

/** Whether a variable, option or key of a file is called like a credential. */
export function isCredentialName(name: string): boolean {
  const words = inWords(name);
  // The shell's own: where one stands, and where one stood.
  if (words === 'pwd' || words === 'oldpwd') return false;
  return secretWord.test(words) && !aboutIt.test(words) && !otherKey.test(words);
}

/** Whether a value of that name may look random without being a secret. */
export const isFingerprintName = (name: string): boolean => {
  const words = inWords(name);
  return fingerprintLike.test(words) || otherKey.test(words);
};
