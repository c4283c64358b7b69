import { parseArgs } from 'node:util'
import { type BodySize, bodySize } from './bodies.ts'
import { h1Scenario, h2Scenario, type Scenario } from './scenarios.ts'

export interface ProfileOptions {
  readonly scenario: Scenario
  /** Undefined: tracing is off. */
  readonly sampledFraction: number | undefined
  readonly seconds: number
  readonly top: number
  readonly heap: boolean
  /** Where the profiles stay; undefined: nowhere. */
  readonly keep: string | undefined
}

export const PROFILE_HELP: string = `node bench/sidecar/profile.ts [options]

Where the time of our sidecar goes: shares of CPU time by kind and by function, and where strace is installed system
calls a request beside those of nginx. Needs what forwarding.ts needs.

  --sampled FRACTION tracing on (off)
  --connections N    of HTTP/1.1 (64)
  --body SIZE        1k, 64k, 1m (1k)
  --http2 CxS        HTTP/2 with connections x streams
  --seconds N        (5)
  --top N            functions (30)
  --heap             what allocates, too
  --keep FOLDER      leaves the profiles there, for the tools of a browser
  --help
`

/** Undefined: help is asked for. */
export function readProfileOptions(args: readonly string[]): ProfileOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      sampled: { type: 'string' },
      connections: { type: 'string', default: '64' },
      body: { type: 'string', default: '1k' },
      http2: { type: 'string' },
      seconds: { type: 'string', default: '5' },
      top: { type: 'string', default: '30' },
      heap: { type: 'boolean', default: false },
      keep: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return undefined
  const { sampled, connections, body, http2, seconds, top, heap, keep } = values
  const [many = '', streams = ''] = http2?.split('x') ?? []
  return {
    scenario:
      http2 === undefined
        ? h1Scenario(Number(connections), known(body))
        : h2Scenario(Number(many), Number(streams)),
    sampledFraction: sampled === undefined ? undefined : Number(sampled),
    ...{ seconds: Number(seconds), top: Number(top), heap, keep },
  }
}

function known(name: string): BodySize {
  const size = bodySize(name)
  if (size === undefined) throw new Error(`there is no body of ${name}`)
  return size
}
