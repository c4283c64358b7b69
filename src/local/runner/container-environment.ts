import type { Container, EnvVar, Pod } from '../../model/kubernetes.ts'
import type { SocketAddress } from '../../model/sidecar-config.ts'
import type { ImageCommand } from '../image-command.ts'
import { fieldValue } from './field-path.ts'
import type { VirtualPort } from './pod-ports.ts'
import { proxyVariables } from './proxy-variables.ts'
import { variableName } from './service-variables.ts'
import { expandVariables } from './variable-expansion.ts'

export interface EnvironmentOptions {
  readonly pod: Pod
  readonly container: Container
  readonly image: ImageCommand | undefined
  readonly podIP: string
  readonly ports: readonly VirtualPort[]
  /** Where the sidecar takes requests that leave the pod; absent for containers whose requests nobody takes. */
  readonly sidecar?: SocketAddress
  /** Preloaded into Node apps; absent: nothing is. */
  readonly bindHook?: string
  readonly serviceVariables: Readonly<Record<string, string>>
  /** Of this process. */
  readonly inherited: Readonly<Record<string, string | undefined>>
}

type Variables = Readonly<Record<string, string>>

/** What programs need of the machine that they really run on. */
const INHERITED = ['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'JAVA_HOME']
/** Texts of options, one after the other: what a manifest says there is added to. */
const OPTION_TEXTS = ['NODE_OPTIONS', 'JAVA_TOOL_OPTIONS']

/** Throws an `Error` that names the variable which cannot be had. */
export function containerEnvironment(options: EnvironmentOptions): Variables {
  const { container, image, ports, inherited } = options
  const given = { ...inheritedVariables(inherited), ...options.serviceVariables, ...podVariables(options) }
  const written: Record<string, string> = { ...given }
  for (const [name, value] of Object.entries(image?.env ?? {}))
    written[name] = expandVariables(value, written)
  for (const variable of container.env ?? []) {
    written[variable.name] = realPort(variable, environmentValue(variable, written, options), ports)
  }
  return { ...written, ...joinedOptions(given, written) }
}

function inheritedVariables(inherited: Readonly<Record<string, string | undefined>>): Variables {
  return Object.fromEntries(
    INHERITED.flatMap(name => {
      const value = inherited[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

function podVariables({ podIP, ports, sidecar, bindHook }: EnvironmentOptions): Variables {
  const [first, ...further] = ports
  return {
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

function environmentValue(variable: EnvVar, known: Variables, { pod, podIP }: EnvironmentOptions): string {
  const { name, value = '', valueFrom } = variable
  if (valueFrom === undefined) return expandVariables(value, known)
  const path = valueFrom.fieldRef?.fieldPath
  if (path === undefined) throw new Error(`variable ${name}: only fieldRef can be used in valueFrom here`)
  const found = fieldValue(pod, podIP, path)
  if (found === undefined) throw new Error(`variable ${name}: there is no field "${path}"`)
  return found
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
