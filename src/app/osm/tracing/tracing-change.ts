import { checkAddress, checkEndpoint, checkFraction, checkPort } from '../../../mesh/mesh-config/checks.ts'
import { defaultMeshConfig } from '../../../mesh/mesh-config/defaults.ts'
import type { Check } from '../../../mesh/mesh-config/section.ts'

/** What shall be different in `spec.observability.tracing`; what is absent stays. */
export interface TracingChange {
  readonly enable?: boolean
  readonly address?: string
  readonly port?: number
  readonly endpoint?: string
  readonly sampledFraction?: string
}

export type TargetOutcome = { readonly change: TracingChange } | { readonly problem: string }

const TARGET = /^(?:http:\/\/)?(?:\[([0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)\]|([^:/[]*))(?::([^/]*))?(\/.*)?$/
const defaults = defaultMeshConfig().observability.tracing

/** Reads `ADDRESS[:PORT][/ENDPOINT]`; an IPv6 address stands in brackets. What it leaves out has the default. */
export function parseTarget(text: string): TargetOutcome {
  const [whole, ipv6, name, port, endpoint] = TARGET.exec(text) ?? []
  const address = ipv6 ?? name ?? ''
  if (whole === undefined || address === '')
    return { problem: `${JSON.stringify(text)} is no collector: write ADDRESS:PORT/ENDPOINT` }
  const problem =
    problemOf('the address', checkAddress, address) ??
    problemOf('the port', checkPort, port === undefined ? defaults.port : numberOf(port)) ??
    problemOf('the endpoint', checkEndpoint(defaults.endpoint), endpoint ?? '')
  if (problem !== undefined) return { problem }
  return {
    change: {
      address,
      port: port === undefined ? defaults.port : Number(port),
      endpoint: endpoint ?? defaults.endpoint,
    },
  }
}

export function parseFraction(text: string): TargetOutcome {
  const checked = checkFraction(defaults.sampledFraction)(text)
  if ('problem' in checked) return { problem: `the sampled fraction ${checked.problem}, but is ${text}` }
  return { change: { sampledFraction: checked.value } }
}

function problemOf<T>(what: string, check: Check<T>, value: unknown): string | undefined {
  const checked = check(value)
  return 'problem' in checked ? `${what} ${checked.problem}, but is ${JSON.stringify(value)}` : undefined
}

/** Text that is no number stays text, and is shown as such. */
function numberOf(text: string): number | string {
  return /^\d+$/.test(text) ? Number(text) : text
}
