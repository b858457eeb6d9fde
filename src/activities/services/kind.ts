import type { z } from 'zod';
import type { Intake } from '../../shared/secrets/migration.ts';
import type { SeenService, ToldAccount } from '../../shared/secrets/variable-account.ts';
import type { ContainerFacts } from '../docker/container-facts.ts';
import type { ExecOptions, ExecResult } from '../docker/engine.ts';
import type { Credentials } from './credentials.ts';
import type { Recognize } from './recognition.ts';

/** One container of a service as the Docker engine reports it. */
export interface MemberFacts {
  readonly member: string;
  readonly containerId: string;
  readonly running: boolean;
  readonly state: ContainerFacts['state'];
  readonly exitCode: number;
  readonly restartsOnSuccess: boolean;
  readonly restartCount: number;
  /** ISO 8601; empty when it never started. */
  readonly startedAt: string;
  /** Docker's own health check: `none` when the image has no check. */
  readonly dockerHealth: ContainerFacts['dockerHealth'];
  readonly lastHealthCheck?: ContainerFacts['lastHealthCheck'];
  readonly addresses: ContainerFacts['addresses'];
}

/** A service as a kind sees it: facts, and commands in its containers as argument arrays. */
export interface ServiceHandle {
  readonly name: string;
  readonly members: readonly string[];
  readonly settings: Readonly<Record<string, string | number | boolean>>;
  facts(): Promise<readonly MemberFacts[]>;
  /** A container that is not there or not running answers like a failed command (exit code 125). */
  exec(member: string, argv: readonly string[], options?: ExecOptions): Promise<ExecResult>;
}

/** `ready` opens the gate for dependents; `healthy` is the whole service as it should be. */
export interface HealthVerdict {
  readonly ready: boolean;
  readonly healthy: boolean;
  /** One line for people: "leader pg2, 2 of 2 replicas streaming". */
  readonly summary: string;
  /** What a check printed, or counts: only for what is redacted and no part of a plan. */
  readonly detail?: string;
  /** True when waiting cannot help: a one-shot ended with an error. */
  readonly failed?: boolean;
  /** The members that keep it from being healthy; their logs are shown. */
  readonly unhealthy?: readonly string[];
}

/** Role-aware health: a leader elected, a quorum there, a query answered; not "a port is open". */
export interface Health {
  check(service: ServiceHandle): Promise<HealthVerdict>;
}

export interface Permission {
  readonly allowed: boolean;
  readonly why: string;
}

/** How members are restarted without losing the service. */
export interface Lifecycle {
  /** Members in the order in which they may be restarted one by one; `together` for stateless services. */
  restartOrder(service: ServiceHandle): Promise<readonly string[] | 'together'>;
  /** May this member go down now? Asked before each restart, until allowed or out of time. */
  mayRestart(service: ServiceHandle, member: string): Promise<Permission>;
  /** Makes the member safe to restart, for example by moving leadership away. Safe to repeat. */
  prepareRestart?(service: ServiceHandle, member: string): Promise<void>;
}

/** How images take a secret from a file in place of a variable's value. */
export interface SecretIntake {
  /** Undefined for a variable that stays one. */
  intakeOf(variable: string): Intake | undefined;
  /**
   * A script for `sh` that runs before the program, where an intake asks for a configuration file. It gets pairs of
   * setting and secret up to `--`, then the program, which it becomes; the file is written below
   * `/run/secrets-config`, a file system in memory. No value may come into an argument or the environment.
   */
  readonly script?: string;
  /** What such a variable opens. Only what is certain from the image and the service itself. */
  opens(variable: string, seen: SeenService): ToldAccount;
}

/** What a kind can do for runbooks. One that is missing is "not covered". */
export interface Capabilities {
  readonly health?: Health;
  readonly lifecycle?: Lifecycle;
  readonly credentials?: Credentials;
}

/** Everything that is known about one kind of service. */
export interface ServiceKind extends Capabilities {
  readonly kind: string;
  /** Whether a service that nobody has described looks like one of this kind. */
  readonly recognize?: Recognize;
  /** What the platform file may set, as a strict object: an unknown key is refused. None when absent. */
  readonly settings?: z.ZodObject;
  /** Whether containers end with exit code 0 when they have done their work; never when absent. */
  readonly finishes?: 'always' | 'unless-restarted';
  /** How its images take secrets from files. */
  readonly secretIntake?: SecretIntake;
  /** Variables of its images that are called like secrets and are none. */
  readonly notSecret?: RegExp;
  /** Log lines that look like errors and that every healthy start of this kind writes. */
  readonly harmlessLogLines?: readonly RegExp[];
}
