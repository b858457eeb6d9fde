import { z } from 'zod';
import { Approvals } from './approvals-schema.ts';
import { Consumer, Credential, forms } from './credential-schema.ts';
import { Duration } from './duration.ts';
import { Name } from './name.ts';
import { NotificationTarget } from './notification.ts';
import { Schedule } from './schedule.ts';
import { Windows } from './windows-schema.ts';

/** A path below the platform file's folder. */
const RelativePath = z
  .string()
  .max(255)
  .refine(
    (path) =>
      /^[A-Za-z0-9._/-]+$/.test(path) && !path.startsWith('/') && !path.split('/').includes('..'),
    {
      error: ({ input }) =>
        `expected a path below this file's folder, got ${JSON.stringify(input)}`,
    },
  );

const VariableName = z
  .string()
  .max(128)
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: 'expected a name such as POSTGRES_PORT' });

const description = z.string().max(500);
const secretLength = z.int().min(16).max(128);

/** One environment variable; at most one of default, derive, secret and required says where it comes from. */
const Variable = z.strictObject({
  description,
  default: z.string().max(4096).optional(),
  derive: z.string().max(4096).optional(),
  secret: z.strictObject({ length: secretLength.default(32) }).optional(),
  required: z.boolean().optional(),
});

const SecretItem = z.strictObject({
  description,
  length: secretLength.default(32),
  /** Compose service to the uid that its process runs as; each gets its own copy, mode 0400. */
  deliver: z.record(Name, Consumer),
  form: z.enum(forms).default('value'),
  credential: Credential.optional(),
});

/** Something that looks like a credential and may stay where it is until a date; red again after it. */
const Waiver = z.strictObject({
  /** As `runbook secrets discover` names it: `SMTP_TOKEN`, `web/SMTP_TOKEN`, `certs/web.key`. */
  what: z.string().min(1).max(300),
  reason: z.string().min(3).max(500),
  expires: z.iso.date(),
});
export type SecretWaiver = z.infer<typeof Waiver>;

const FileVariable = z
  .string()
  .max(64)
  .regex(/^\w*\{\}\w+$|^\w+\{\}\w*$/, {
    error: ({ input }) =>
      `expected a name with {} in it such as "{}_FILE", got ${JSON.stringify(input)}`,
  });

const Service = z.strictObject({
  kind: Name,
  /** The compose services that make up this service; one of the same name when absent. */
  members: z.array(Name).min(1).max(64).optional(),
  healthTimeout: Duration.default('120s'),
  minHealthyTime: Duration.default('5s'),
  settings: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
});

const AllowedLogLine = z.strictObject({
  service: Name,
  pattern: z.string().min(3).max(500),
  reason: z.string().min(3).max(500),
  expires: z.iso.date(),
});

/** The platform file: what the platform consists of and how it is described. */
export const PlatformFileSchema = z.strictObject({
  schema: z.literal('runbook.platform/v1'),
  name: Name,
  title: z.string().max(200).default(''),
  compose: z.strictObject({
    project: Name,
    files: z.array(RelativePath).min(1).max(20).default(['compose.yaml']),
    profiles: z.array(Name).max(20).default([]),
  }),
  environment: z
    .strictObject({
      file: RelativePath.default('.env'),
      example: RelativePath.default('.env.example'),
      variables: z.record(VariableName, Variable).default({}),
    })
    .prefault({}),
  secrets: z
    .strictObject({
      directory: RelativePath.default('.secrets'),
      /** Recipients of age, a line each: with them values are written encrypted. */
      recipients: RelativePath.optional(),
      /** What decrypts them on the worker's host, below this folder or by its absolute path; not to be backed up here. */
      identity: z.string().min(1).max(1024).optional(),
      items: z.record(Name, SecretItem).default({}),
      waivers: z.array(Waiver).max(200).default([]),
      /**
       * Compose services whose images take the name of a file in place of a value, and how they call it: `{}_FILE`
       * for the variable `{}`.
       */
      fileVariables: z.record(Name, FileVariable).default({}),
    })
    .prefault({}),
  services: z.record(Name, Service),
  notify: z.record(Name, NotificationTarget).default({}),
  schedules: z.record(Name, Schedule).default({}),
  logs: z.strictObject({ allow: z.array(AllowedLogLine).max(200).default([]) }).prefault({}),
  /** When it may be changed; always when absent. */
  windows: Windows.optional(),
  /** Who approves its runs; without it any one person, and only what cannot be undone. */
  approvals: Approvals.optional(),
});

export type PlatformFile = z.infer<typeof PlatformFileSchema>;
export type PlatformService = PlatformFile['services'][string];

/** A platform file with the folder that its paths start from: what activities work on. */
export interface Platform extends PlatformFile {
  /** Absolute path of the folder that holds the platform file. */
  readonly directory: string;
}

/** What parameters of runs may name. */
export const namesOf = ({ services, secrets }: PlatformFile) => ({
  services: Object.keys(services),
  secrets: Object.keys(secrets.items),
});

/** The compose services of a logical service. */
export function membersOf(name: string, service: PlatformService): readonly string[] {
  return service.members ?? [name];
}
