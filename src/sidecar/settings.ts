import { KisekiError } from '../model/errors.ts'

export interface SidecarPorts {
  readonly admin: number
  readonly outbound: number
  readonly inbound: number
  readonly metrics: number
}

/** What a sidecar is told when it is started; all else comes from the control plane. Ports: 0 takes a free one. */
export interface SidecarSettings {
  readonly pod: PodIdentity
  readonly controlPlaneUrl: string
  readonly listenHost: string
  readonly ports: SidecarPorts
  /** Where the last good configuration is kept; undefined: nowhere. */
  readonly stateDir: string | undefined
  /** When told to stop, it takes new connections for so long: others do not know yet. Default: not at all. */
  readonly drainMillis?: number
  /** Exchanges that run when the sidecar is stopped may go on for so long. */
  readonly graceMillis?: number
  /** Spans that wait then may be sent for so long after that. */
  readonly spanGraceMillis?: number
  readonly maxConnections?: number
}

export interface PodIdentity {
  readonly address: string
  readonly uid: string
  readonly name: string
  readonly namespace: string
}

export type Environment = Readonly<Record<string, string | undefined>>

const LARGEST_PORT = 65_535

/** Throws KISEKI_BAD_FLAG with the name of the variable that is missing or cannot be used. */
export function readSettings(environment: Environment): SidecarSettings {
  const address = required(environment, 'POD_IP')
  return {
    pod: {
      address,
      uid: required(environment, 'POD_UID'),
      name: required(environment, 'POD_NAME'),
      namespace: required(environment, 'POD_NAMESPACE'),
    },
    controlPlaneUrl: httpUrl(environment, 'CONTROL_PLANE_URL'),
    listenHost: optional(environment, 'SIDECAR_LISTEN_HOST') ?? address,
    ports: {
      admin: port(environment, 'SIDECAR_ADMIN_PORT', 15_000),
      outbound: port(environment, 'SIDECAR_OUTBOUND_PORT', 15_001),
      inbound: port(environment, 'SIDECAR_INBOUND_PORT', 15_003),
      metrics: port(environment, 'SIDECAR_METRICS_PORT', 15_010),
    },
    stateDir: optional(environment, 'SIDECAR_STATE_DIR'),
    drainMillis: seconds(environment, 'SIDECAR_DRAIN_SECONDS', 5) * 1000,
  }
}

function optional(environment: Environment, name: string): string | undefined {
  const value = environment[name]?.trim()
  return value === '' ? undefined : value
}

function required(environment: Environment, name: string): string {
  const value = optional(environment, name)
  if (value !== undefined) return value
  throw unusable(
    name,
    'is missing',
    'The injector and the local runner set it; set it by hand when you start a sidecar yourself.',
  )
}

function httpUrl(environment: Environment, name: string): string {
  const value = required(environment, name)
  if (URL.parse(value)?.protocol === 'http:') return value
  throw unusable(name, `must be an http:// URL, but is "${value}"`, 'Write it as http://host:port.')
}

function port(environment: Environment, name: string, otherwise: number): number {
  const value = optional(environment, name)
  if (value === undefined) return otherwise
  if (/^\d{1,5}$/.test(value) && Number(value) <= LARGEST_PORT) return Number(value)
  throw unusable(
    name,
    `must be a port from 0 to ${LARGEST_PORT}, but is "${value}"`,
    'Name a port; 0 takes a free one.',
  )
}

function seconds(environment: Environment, name: string, otherwise: number): number {
  const value = optional(environment, name)
  if (value === undefined) return otherwise
  if (/^\d{1,4}$/.test(value)) return Number(value)
  throw unusable(name, `must be whole seconds, but is "${value}"`, 'Write a number from 0 to 9999.')
}

function unusable(name: string, what: string, remedy: string): KisekiError {
  return new KisekiError('KISEKI_BAD_FLAG', `the environment variable ${name} ${what}`, { remedy })
}
