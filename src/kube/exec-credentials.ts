import { messageOf } from '../model/errors.ts'
import { besideConfig } from './config-files.ts'
import { bearer, type CredentialSource } from './credentials.ts'
import { type ExecCredential, parseExecCredential } from './exec-credential-answer.ts'
import type { KubeCredentials } from './kube-endpoint.ts'
import type { ConfigFields } from './kubeconfig-fields.ts'

export interface PluginCommand {
  readonly command: string
  readonly args: readonly string[]
  /** All variables of the process. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Whether it may ask the person at the terminal. */
  readonly interactive: boolean
}

/** Runs a program to its end. Rejects when it cannot be started (`code` `ENOENT`), fails, or says too much. */
export type RunPlugin = (command: PluginCommand) => Promise<string>

export interface PluginWorld {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly nowMillis: () => number
  readonly runPlugin: RunPlugin
  /** Whether somebody sits at standard input. */
  readonly terminal: boolean
}

const VERSIONS = ['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1']
const MODES = ['Never', 'IfAvailable', 'Always']

/**
 * What a plugin says, by KEP-541 (kubernetes.io/docs/reference/access-authn-authz/authentication, "client-go
 * credential plugins"): kept until `expirationTimestamp`, or until the server refuses it. Who asks meanwhile
 * waits for the same run.
 */
export function execCredentials(exec: ConfigFields, world: PluginWorld): CredentialSource {
  const plugin = readPlugin(exec, world)
  let cached: ExecCredential | undefined
  let running: Promise<ExecCredential> | undefined

  async function run(): Promise<ExecCredential> {
    try {
      cached = parseExecCredential(exec, plugin.apiVersion, await plugin.run())
      return cached
    } finally {
      running = undefined
    }
  }

  return async (options = {}) => {
    const fresh = options.renew !== true && cached !== undefined && world.nowMillis() < cached.expiresMillis
    if (fresh && cached !== undefined) return asCredentials(cached)
    running ??= run()
    return asCredentials(await running)
  }
}

interface Plugin {
  readonly apiVersion: string
  run(): Promise<string>
}

function readPlugin(exec: ConfigFields, world: PluginWorld): Plugin {
  const apiVersion = exec.requiredText('apiVersion')
  if (!VERSIONS.includes(apiVersion)) {
    throw exec.refuse('apiVersion', `must be ${VERSIONS.join(' or ')}, not "${apiVersion}"`)
  }
  if (exec.flag('provideClusterInfo')) throw exec.refuse('provideClusterInfo', 'is not supported')
  const command = readCommand(exec, apiVersion, world)
  const hint = exec.text('installHint')
  return {
    apiVersion,
    async run() {
      try {
        return await world.runPlugin(command)
      } catch (error) {
        const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
        const problem = missing ? `executable ${command.command} not found` : messageOf(error)
        throw exec.refuse('command', hint !== undefined && missing ? `${problem}. ${hint}` : problem, error)
      }
    },
  }
}

function readCommand(exec: ConfigFields, apiVersion: string, world: PluginWorld): PluginCommand {
  const command = exec.requiredText('command')
  const interactive = isInteractive(exec, apiVersion, world.terminal)
  const info = { apiVersion, kind: 'ExecCredential', spec: { interactive } }
  const added = exec
    .fieldsList('env')
    .map(variable => [variable.requiredText('name'), variable.text('value') ?? ''] as const)
  return {
    // A bare name is looked for in PATH; a relative path is beside the kubeconfig.
    command: /[/\\]/.test(command) ? besideConfig(exec, command) : command,
    args: exec.texts('args'),
    env: { ...world.env, ...Object.fromEntries(added), KUBERNETES_EXEC_INFO: JSON.stringify(info) },
    interactive,
  }
}

function isInteractive(exec: ConfigFields, apiVersion: string, terminal: boolean): boolean {
  const stated = exec.text('interactiveMode')
  if (stated === undefined && apiVersion.endsWith('/v1')) throw exec.refuse('interactiveMode', 'is required')
  const mode = stated ?? 'IfAvailable'
  if (!MODES.includes(mode)) throw exec.refuse('interactiveMode', `must be one of ${MODES.join(', ')}`)
  if (mode === 'Always' && !terminal) {
    throw exec.refuse('interactiveMode', 'the plugin wants to ask somebody, and there is no terminal')
  }
  return mode !== 'Never' && terminal
}

function asCredentials({ token, cert, key }: ExecCredential): KubeCredentials {
  const headers = token === undefined ? {} : bearer(token).headers
  return cert === undefined || key === undefined ? { headers } : { headers, cert, key }
}
