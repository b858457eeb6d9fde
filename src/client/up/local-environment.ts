import type { Environment } from '../terminal.ts';

/**
 * The environment of what talks to the server that `up` started: a profile or certificate for
 * another server must not reach it.
 */
export function localEnvironment(
  env: Environment,
  address: string,
  namespace: string,
): Environment {
  const rest = Object.entries(env).filter(([name]) => !name.startsWith('TEMPORAL_'));
  return {
    ...Object.fromEntries(rest),
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: namespace,
    // A file that is not there means no profile at all; an empty one would be an error.
    TEMPORAL_CONFIG_FILE: '/nonexistent/temporal.toml',
  };
}
