/** Words that switch something; no password. */
const switches = new Set(
  'true false yes no on off none null nil undefined enabled disabled auto default required optional'.split(
    ' ',
  ),
);

/** Whether the value of something that is called like a credential can be one: no path, switch or duration. */
export function isCredentialValue(value: string): boolean {
  const text = value.trim();
  if (text.length < 2 || switches.has(text.toLowerCase())) return false;
  // Filled in elsewhere: by the shell of the container, a template, a placeholder in an example.
  if (/^[$<{%]/.test(text)) return false;
  if (/^(?:\.{0,2}\/|~\/|[A-Za-z]:\\)/.test(text)) return false;
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return urlPasswords(text).length > 0;
  return !/^\d{1,3}$|^\d+(?:ms|s|m|h|d|[kmg]i?b?)$/i.test(text);
}

/** No scheme is longer; without a bound a long word would be looked through from each of its letters. */
const userInfo = /[a-z][a-z0-9+.-]{0,30}:\/\/([^\s/?#@:'"]*):([^\s/?#@'"]+)@/gi;
const inQuery = /[?&;](?:password|passwd|pwd|secret|token|access_token|api_?key)=([^&;#\s'"]+)/gi;

/** Passwords in the URLs of a text: `scheme://user:PASSWORD@host`, and `?password=` of a JDBC one. */
export function urlPasswords(text: string): readonly string[] {
  const fromUser = [...text.matchAll(userInfo)].map(([, , password = '']) => password);
  const fromQuery = /[a-z][a-z0-9+.:-]{0,30}:\/\//i.test(text)
    ? [...text.matchAll(inQuery)].map(([, password = '']) => password)
    : [];
  return [...fromUser, ...fromQuery].map(decoded).filter((value) => /^[^$<{*]/.test(value));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Credentials that say themselves what they are. */
const knownFormats =
  /^(?:gh[pousr]_\w{30,}|github_pat_\w{20,}|glpat-[\w-]{20,}|xox[abpr]-[\w-]{10,}|eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]+|sk_(?:live|test)_\w{16,}|AGE-SECRET-KEY-1\w+)$/;

const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** No word that people make up is so long and changes between letters and digits so often. */
const random = { minLength: 20, minEntropyBits: 3, minChanges: 0.3, minDigits: 2 } as const;

/** Whether a value looks as if a generator had made it, whatever it is called. */
export function looksGenerated(value: string): boolean {
  const text = value.trim();
  if (knownFormats.test(text)) return true;
  if (uuid.test(text) || !/^[\w+/=-]+$/.test(text)) return false;
  // A path, or words that are strung together, has no long part that looks random.
  return text.split(/[/_=+-]/).some(isRandomPart);
}

function isRandomPart(part: string): boolean {
  if (part.length < random.minLength) return false;
  const digits = part.replaceAll(/\D/g, '').length;
  if (digits < random.minDigits || digits === part.length) return false;
  const classes = [...part].map((character) =>
    /\d/.test(character) ? 'digit' : character === character.toUpperCase() ? 'upper' : 'lower',
  );
  const changes = classes.filter((own, index) => index > 0 && own !== classes[index - 1]).length;
  return changes >= random.minChanges * (part.length - 1) && entropy(part) >= random.minEntropyBits;
}

/** Bits a character, by how often each one stands in the text. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((bits, count) => {
    const share = count / text.length;
    return bits - share * Math.log2(share);
  }, 0);
}
