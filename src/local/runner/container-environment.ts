import type { EnvVar } from '../../model/kubernetes-pod.ts'
import type { SocketAddress } from '../../model/sidecar-config.ts'
import type { ImageCommand } from '../image-command.ts'
import type { VirtualPort } from './pod-ports.ts'
import { proxyVariables } from './proxy-variables.ts'
import { variableName } from './service-variables.ts'
import { expandVariables } from './variable-expansion.ts'
import { sourcedValue, type VariableScope, variablesFrom } from './variable-sources.ts'

export interface EnvironmentOptions extends VariableScope {
  readonly image: ImageCommand | undefined
  readonly ports: readonly VirtualPort[]
  /** Where the sidecar takes requests that leave the pod; absent for containers whose requests nobody takes. */
  readonly sidecar?: SocketAddress
  /** Preloaded into Node apps; absent: nothing is. */
  readonly bindHook?: string
  readonly serviceVariables: Readonly<Record<string, string>>
  /** How to reach the API, and where mounts are; what a manifest says goes first. */
  readonly podVariables?: Readonly<Record<string, string>>
  /** Puts real paths in the place of mount paths in what the manifest says. Absent: nothing is mounted. */
  readonly mounted?: (text: string) => string
  /** Of this process. */
  readonly inherited: Readonly<Record<string, string | undefined>>
}

type Variables = Readonly<Record<string, string>>

/** What programs need of the machine that they really run on. */
const INHERITED = ['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'JAVA_HOME']
/** Texts of options, one after the other: what a manifest says there is added to. */
const OPTION_TEXTS = ['NODE_OPTIONS', 'JAVA_TOOL_OPTIONS']

/** Throws an `Error` in the words of the kubelet, or that names the variable which cannot be had. */
export function containerEnvironment(options: EnvironmentOptions): Variables {
  const { container, image, ports, inherited, mounted = text => text } = options
  const given = { ...inheritedVariables(inherited), ...options.serviceVariables, ...ownVariables(options) }
  // A map: keys of ConfigMaps may be called anything, `__proto__` too.
  const written = new Map(Object.entries(given))
  for (const [name, value] of Object.entries(image?.env ?? {}))
    written.set(name, expandVariables(value, written))
  for (const [name, value] of variablesFrom(options)) written.set(name, mounted(value))
  for (const variable of container.env ?? []) {
    const value = environmentValue(variable, written, options)
    if (value !== undefined) written.set(variable.name, realPort(variable, mounted(value), ports))
  }
  const all = Object.fromEntries(written)
  return { ...all, ...joinedOptions(given, all) }
}

function inheritedVariables(inherited: Readonly<Record<string, string | undefined>>): Variables {
  return Object.fromEntries(
    INHERITED.flatMap(name => {
      const value = inherited[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

function ownVariables({ podIP, ports, sidecar, bindHook, podVariables }: EnvironmentOptions): Variables {
  const [first, ...further] = ports
  return {
    ...podVariables,
    POD_IP: podIP,
    HOST: podIP,
    ...(first === undefined ? {} : { PORT: String(first.chosen) }),
    ...Object.fromEntries(further.map(port => [portVariable(port), String(port.chosen)])),
    ...(sidecar === undefined ? {} : proxyVariables(sidecar)),
    ...(bindHook === undefined ? {} : { NODE_OPTIONS: `--require ${JSON.stringify(bindHook)}` }),
  }
}

/** `PORT_ADMIN`; without name, `PORT_9000`. */
function portVariable({ name, containerPort }: VirtualPort): string {
  return `PORT_${variableName(name ?? String(containerPort))}`
}

function environmentValue(
  variable: EnvVar,
  known: ReadonlyMap<string, string>,
  scope: VariableScope,
): string | undefined {
  const { value = '', valueFrom } = variable
  return valueFrom === undefined ? expandVariables(value, known) : sourcedValue(variable, scope)
}

/** A manifest that says PORT means the container port; what listens there is told the real one. */
function realPort({ name }: EnvVar, value: string, ports: readonly VirtualPort[]): string {
  if (name !== 'PORT') return value
  const meant = ports.find(({ containerPort }) => String(containerPort) === value)
  return meant === undefined ? value : String(meant.chosen)
}

function joinedOptions(given: Variables, written: Variables): Variables {
  return Object.fromEntries(
    OPTION_TEXTS.flatMap(name => {
      const [ours, theirs] = [given[name], written[name]]
      return ours === undefined || theirs === undefined || ours === theirs
        ? []
        : [[name, `${theirs} ${ours}`]]
    }),
  )
}
