import { askedUrl } from '../common/signs.ts';
import type { Recognize } from '../recognition.ts';

/** Ports on which hardly anything but HTTP is spoken; another service could take offence at the question. */
const usualPorts: readonly number[] = [80, 3000, 5000, 8000, 8080, 8081, 8888];

/** Less than any server that is known by name: many of those are asked over HTTP too. */
const weights = { asked: 2, port: 1 } as const;

export const recognize: Recognize = (seen) => {
  const asked = askedUrl(seen);
  if (asked !== undefined) {
    const { scheme, ...place } = asked;
    return {
      weight: weights.asked,
      reasons: [`its health check asks for ${asked.path} on port ${asked.port}`],
      settings: [scheme === 'https' ? { ...place, scheme } : place],
      grouped: true,
    };
  }
  const port = seen.ports.find((number) => usualPorts.includes(number));
  if (port === undefined) return undefined;
  return {
    weight: weights.port,
    reasons: [`it has port ${port}`],
    settings: [{ port }],
    needsProof: true,
    grouped: true,
  };
};
