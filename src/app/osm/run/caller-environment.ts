type Environment = Readonly<Record<string, string | undefined>>

/**
 * What a program needs to work as it does in the shell of the caller. Not all: objects can be read by others of the
 * cluster, and proxies of the caller would lead past the sidecar.
 */
const TAKEN =
  /^(PATH|HOME|USER|LOGNAME|SHELL|TZ|TMPDIR|LANG|LC_\w+|VIRTUAL_ENV|CONDA_PREFIX|JAVA_HOME|GOPATH|GOROOT|DOTNET_ROOT|CARGO_HOME|RUSTUP_HOME|GEM_HOME|GEM_PATH|PYTHONPATH|PYTHONUNBUFFERED|NODE_ENV|NODE_PATH|NODE_EXTRA_CA_CERTS|NVM_DIR|LD_LIBRARY_PATH)$/

export type EnvironmentOutcome =
  | { readonly environment: Readonly<Record<string, string>> }
  | { readonly problem: string }

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/

/** The variables of a program: those of the caller that it needs, then `K=V`, or `K` with the caller's value. */
export function callerEnvironment(caller: Environment, settings: readonly string[]): EnvironmentOutcome {
  const variables = new Map<string, string>()
  for (const [name, value] of Object.entries(caller))
    if (value !== undefined && TAKEN.test(name)) variables.set(name, value)
  for (const setting of settings) {
    const [, name = '', value] = /^([^=]*)(?:=([\s\S]*))?$/.exec(setting) ?? []
    if (!NAME.test(name))
      return { problem: `--env takes NAME=VALUE, or NAME of this shell, but is ${JSON.stringify(setting)}` }
    const known = value ?? caller[name]
    if (known === undefined) return { problem: `--env ${name}: this shell has no such variable` }
    variables.set(name, known)
  }
  return { environment: Object.fromEntries(variables) }
}
