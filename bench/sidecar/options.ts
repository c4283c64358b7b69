import { parseArgs } from 'node:util'
import { BODY_SIZES, type BodySize, bodySize } from './bodies.ts'
import { BUSY, CALM, h1Scenario, h2Scenario, rateScenario, type Scenario } from './scenarios.ts'
import { SUBJECT_NAMES, type SubjectName } from './subjects.ts'

export interface Options {
  readonly seconds: number
  readonly rounds: number
  readonly subjects: readonly SubjectName[]
  readonly scenarios: readonly Scenario[]
  /** For the raw numbers. */
  readonly json: string | undefined
}

export const HELP: string = `node bench/sidecar/forwarding.ts [options]

What forwarding costs: our sidecar beside nginx and haproxy, on one core, with the load on another.
Needs Linux, two cores, and: apt-get install nginx-light haproxy wrk nghttp2-client
Pipy and Envoy take part when KISEKI_BENCH_PIPY and KISEKI_BENCH_ENVOY name their programs.

  --seconds N        of one measurement (4)
  --rounds N         that count, after one that warms up (5)
  --scenarios LIST   of h1, h2, rate (all)
  --connections LIST of HTTP/1.1 (64)
  --bodies LIST      of ${BODY_SIZES.map(({ name }) => name).join(', ')} for HTTP/1.1 (1k)
  --http2 LIST       connections x streams (8x10,1x1)
  --all              HTTP/1.1 with 1, 16 and 64 connections and all bodies
  --subjects LIST    of ${SUBJECT_NAMES.join(', ')} (all)
  --json FILE        every round as JSON
  --help
`

/** Undefined: help is asked for. Throws with a sentence when something cannot be understood. */
export function readOptions(args: readonly string[]): Options | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: 'string', default: '4' },
      rounds: { type: 'string', default: '5' },
      scenarios: { type: 'string', default: 'h1,h2,rate' },
      connections: { type: 'string' },
      bodies: { type: 'string' },
      http2: { type: 'string', default: '8x10,1x1' },
      all: { type: 'boolean', default: false },
      subjects: { type: 'string', default: SUBJECT_NAMES.join(',') },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return undefined
  const connections = values.connections ?? (values.all ? '1,16,64' : '64')
  const bodies = values.bodies ?? (values.all ? BODY_SIZES.map(({ name }) => name).join(',') : '1k')
  const { scenarios, http2 } = values
  return {
    seconds: positive(values.seconds),
    rounds: positive(values.rounds),
    subjects: values.subjects.split(',').map(subjectName),
    scenarios: scenarios.split(',').flatMap(kind => scenariosOf(kind, { connections, bodies, http2 })),
    json: values.json,
  }
}

interface Extents {
  readonly connections: string
  readonly bodies: string
  readonly http2: string
}

function scenariosOf(kind: string, { connections, bodies, http2 }: Extents): readonly Scenario[] {
  switch (kind) {
    case 'h1':
      return bodies
        .split(',')
        .flatMap(body => connections.split(',').map(many => h1Scenario(positive(many), known(body))))
    case 'h2':
      return http2.split(',').map(pair => {
        const [many = '', streams = ''] = pair.split('x')
        return h2Scenario(positive(many), positive(streams))
      })
    case 'rate':
      return [rateScenario(CALM), rateScenario(BUSY)]
    default:
      throw new Error(`there is no scenario ${kind}; there are h1, h2 and rate`)
  }
}

function positive(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text)
  throw new Error(`"${text}" must be a whole number above 0`)
}

function known(name: string): BodySize {
  const size = bodySize(name)
  if (size === undefined) throw new Error(`there is no body of ${name}`)
  return size
}

function subjectName(text: string): SubjectName {
  const name = SUBJECT_NAMES.find(candidate => candidate === text)
  if (name === undefined)
    throw new Error(`there is no subject ${text}; there are ${SUBJECT_NAMES.join(', ')}`)
  return name
}
