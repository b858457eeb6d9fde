import { isCredentialName, isFingerprintName } from './credential-name.ts';
import { isCredentialValue, looksGenerated, urlPasswords } from './credential-value.ts';

/** A credential in a text. The value stays with whoever reads files; what is shown has a fingerprint instead. */
export interface NamedValue {
  /** What it is called there: a variable, an option, a key, the name of a file. */
  readonly name: string;
  readonly value: string;
  readonly how: 'named' | 'url' | 'generated';
}

/** The credentials in the value of a name: the value itself, or passwords of URLs in it. */
export function credentialsIn(name: string, value: string): readonly NamedValue[] {
  const passwords = urlPasswords(value);
  if (passwords.length > 0) return passwords.map((found) => ({ name, value: found, how: 'url' }));
  if (isCredentialName(name) && isCredentialValue(value)) return [{ name, value, how: 'named' }];
  if (looksGenerated(value) && !isFingerprintName(name)) {
    return [{ name, value, how: 'generated' }];
  }
  return [];
}

const assignment = /^(?:-D|--?)?([A-Za-z][\w.-]*)[=:](.+)$/s;
const option = /^--?([A-Za-z][\w.-]*)$/;

/** The credentials in the words of a command: `--password X`, `--password=X`, `PGPASSWORD=X`, URLs, scripts. */
export function credentialsInWords(words: readonly string[]): readonly NamedValue[] {
  return words.flatMap((word, index): readonly NamedValue[] => {
    // A script as one word: `sh -c "..."`.
    if (/\s/.test(word.trim())) return credentialsInWords(shellWords(word));
    const [, name, given] = assignment.exec(word) ?? [];
    if (name !== undefined && given !== undefined && !word.includes('://')) {
      return credentialsIn(name, given);
    }
    const own = credentialsIn('', word).map((found) => ({ ...found, name: 'argument' }));
    if (own.length > 0) return own;
    const before = option.exec(words[index - 1] ?? '')?.[1];
    const isValue = before !== undefined && isCredentialName(before) && !word.startsWith('-');
    return isValue && isCredentialValue(word) ? [{ name: before, value: word, how: 'named' }] : [];
  });
}

/** Words as a shell would separate them, near enough to look at them. */
export function shellWords(text: string): readonly string[] {
  return [...text.matchAll(/(?:[^\s"';|&()]|"[^"]*"|'[^']*')+/g)].map(([word]) =>
    word.replaceAll(/["']/g, ''),
  );
}

const line =
  /(?:^|[\s{,;])["']?([A-Za-z][\w.-]*)["']?\s*[:=]\s*("(?:[^"\\]|\\.)*"|'[^']*'|[^\s,;}#"']+)/g;
const privateKey = /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----/;

/** A credential in a file, with its line. */
interface PlacedValue extends NamedValue {
  readonly line: number;
}

/** The credentials in a file of settings: private keys, `name = value` and `name: value`, passwords of URLs. */
export function credentialsInFile(fileName: string, text: string): readonly PlacedValue[] {
  const baseName = fileName.split('/').at(-1) ?? fileName;
  const key = privateKey.exec(text);
  if (key) {
    const at = text.slice(0, key.index).split('\n').length;
    return [{ name: baseName, value: text.slice(key.index), how: 'named', line: at }];
  }
  const whole = text.trim();
  const isOneValue = whole !== '' && !/\s/.test(whole) && !whole.includes('=');
  if (isOneValue && isCredentialName(baseName.replace(/\.(?:txt|secret|conf)$/, ''))) {
    return [{ name: baseName, value: whole, how: 'named', line: 1 }];
  }
  return text.split('\n').flatMap((source, index) => {
    if (/^\s*(?:#|\/\/|;|!)/.test(source)) return [];
    return inLine(source).map((found) => ({ ...found, line: index + 1 }));
  });
}

/** Nothing that only looks random: a file of settings is full of hashes and identifiers. */
function inLine(source: string): readonly NamedValue[] {
  const passwords = urlPasswords(source);
  if (passwords.length > 0) return passwords.map((value) => ({ name: 'url', value, how: 'url' }));
  return [...source.matchAll(line)].flatMap(([, name = '', quoted = '']) => {
    const value = quoted.replace(/^(["'])(.*)\1$/s, '$2');
    return isCredentialName(name) && isCredentialValue(value)
      ? [{ name, value, how: 'named' }]
      : [];
  });
}
