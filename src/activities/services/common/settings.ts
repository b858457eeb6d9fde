import type { z } from 'zod';
import { refuse } from '../../../shared/errors.ts';
import type { ServiceHandle } from '../kind.ts';

/** A service's settings as its kind understands them; a mistake names the setting. */
export function readSettings<S extends z.ZodType>(service: ServiceHandle, schema: S): z.infer<S> {
  const parsed = schema.safeParse(service.settings);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw refuse(
    'RB_SETTING_INVALID',
    `a setting of the service "${service.name}" is wrong`,
    `services.${service.name}.settings.${issue?.path.join('.') || '?'}: ${issue?.message}`,
    'correct it in the platform file, then start a new run',
  );
}
