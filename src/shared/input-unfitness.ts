import { limits } from './limits.ts';
import { describeValue, type Problem, prototypeKeys } from './problems.ts';

const at = (path: Problem['path'], text: string): Problem => ({ path, text, at: 'value' });

/** What makes an input unfit before its content is looked at: its size, its kind, and keys that no input needs. */
export function inputUnfitness(input: unknown): Problem[] {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    return [at([], `expected an object, got ${describeValue(input)}`)];
  }
  const problems: Problem[] = [];
  const seen = new Set<object>([input]);
  const open: { path: readonly PropertyKey[]; container: object }[] = [
    { path: [], container: input },
  ];
  // A list instead of recursion: an input may be nested as deeply as its size allows.
  for (let next = open.pop(); next; next = open.pop()) {
    for (const key of Object.keys(next.container)) {
      const path = [...next.path.slice(-8), key];
      if (prototypeKeys.has(key)) {
        problems.push({ path, at: 'key', text: `expected another key, got ${describeValue(key)}` });
        continue;
      }
      const child: unknown = Reflect.get(next.container, key);
      if (typeof child !== 'object' || child === null || seen.has(child)) continue;
      seen.add(child);
      open.push({ path, container: child });
    }
  }
  if (problems.length === 0) problems.push(...sizeProblems(input));
  return problems;
}

function sizeProblems(input: object): Problem[] {
  let json: string;
  try {
    json = JSON.stringify(input);
  } catch {
    return [at([], 'expected an object that JSON can carry, got one that it cannot')];
  }
  const bytes = new TextEncoder().encode(json).length;
  if (bytes <= limits.inputBytes) return [];
  return [at([], `expected at most ${limits.inputBytes} bytes of JSON, got ${bytes}`)];
}
