import { z } from 'zod';
import { Port } from '../settings.ts';

/** How PostgreSQL is reached through the socket in its own container, as its superuser. */
export const localSettings = {
  user: z.string().default('postgres'),
  /** The variable of the container that names the user. */
  userVariable: z
    .string()
    .regex(/^[A-Za-z_]\w*$/, { error: 'expected a name such as POSTGRES_USER' })
    .optional(),
  database: z.string().default('postgres'),
  port: Port.default(5432),
  socketDirectory: z.string().optional(),
  containerUser: z.string().optional(),
} as const;

const LocalSettings = z.object(localSettings);
export type LocalSettings = z.infer<typeof LocalSettings>;
