import { z } from 'zod';
import { refuse } from '../../../shared/errors.ts';
import { checkAgainst, formatPath } from '../../../shared/problems.ts';
import type { ServiceHandle } from '../kind.ts';

/** What a kind takes that has nothing to set. */
export const noSettings = z.strictObject({});

/** A TCP port; people write numbers in quotes too. */
export const Port = z.preprocess(
  (given) => (typeof given === 'string' && /^\d{1,5}$/.test(given) ? Number(given) : given),
  z.int().min(1).max(65_535),
);

/** What is asked for in a URL. */
export const UrlPath = z
  .string()
  .startsWith('/', { error: 'expected a path that starts with "/"' });

/** A service's settings as its kind understands them; a mistake names the setting. */
export function readSettings<T>(service: ServiceHandle, schema: z.ZodType<T>): T {
  const checked = checkAgainst(schema, service.settings);
  if ('value' in checked) return checked.value;
  const path = ['services', service.name, 'settings'];
  throw refuse(
    'RB_SETTING_INVALID',
    `a setting of the service "${service.name}" is wrong`,
    checked.problems
      .map((problem) => `${formatPath([...path, ...problem.path])}: ${problem.text}`)
      .join('\n'),
    'correct it in the platform file, then start a new run',
  );
}
