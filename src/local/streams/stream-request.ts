import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { KubeFailure } from '../../kube/kube-failure.ts'
import type { CommandKind } from './command-status.ts'
import type { PodName } from './pod-stream-target.ts'
import { parsePort } from './port-number.ts'

/** What an upgrade request is about, as the router found it in the path. */
export interface StreamRequest {
  readonly kind: 'portforward' | CommandKind
  readonly namespace: string
  readonly pod: string
  readonly query: URLSearchParams
}

/** A request that left the HTTP server by its 'upgrade' event, and what came with it. */
export interface UpgradeRequest {
  readonly request: IncomingMessage
  readonly socket: Duplex
  readonly head: Buffer
}

/** Of the query of an exec or attach (core/v1, PodExecOptions). */
export interface CommandOptions {
  readonly kind: CommandKind
  readonly pod: PodName
  readonly container: string | undefined
  readonly command: readonly string[]
  readonly stdin: boolean
  readonly stdout: boolean
  readonly stderr: boolean
  readonly tty: boolean
}

/** Throws a BadRequest where nothing is to be run or seen. */
export function parseCommand(kind: CommandKind, { namespace, pod, query }: StreamRequest): CommandOptions {
  const tty = flag(query, 'tty')
  const options = {
    kind,
    pod: { namespace, name: pod },
    container: query.get('container') || undefined,
    command: query.getAll('command'),
    stdin: flag(query, 'stdin'),
    stdout: flag(query, 'stdout'),
    // A terminal mixes both into one output.
    stderr: flag(query, 'stderr') && !tty,
    tty,
  }
  if (!options.stdin && !options.stdout && !options.stderr)
    throw new KubeFailure('BadRequest', 'you must specify at least 1 of stdin, stdout, stderr')
  if (kind === 'exec' && options.command.length === 0)
    throw new KubeFailure('BadRequest', 'you must specify at least one command for the container')
  return options
}

/** Channels have one byte, each port needs two of them, and 255 is taken. */
const MOST_PORTS = 127

/** The ports of a port-forward over a WebSocket without SPDY: `ports=80&ports=81,82`. Throws a BadRequest. */
export function parsePorts({ query }: StreamRequest): readonly number[] {
  const given = query.getAll('ports')
  if (given.length === 0) throw new KubeFailure('BadRequest', 'query parameter "ports" is required')
  const ports = given
    .flatMap(list => list.split(','))
    .map(text => {
      const port = parsePort(text)
      if (port === undefined)
        throw new KubeFailure('BadRequest', `unable to parse ${JSON.stringify(text)} as a port`)
      return port
    })
  if (ports.length > MOST_PORTS) throw new KubeFailure('BadRequest', `more than ${MOST_PORTS} ports`)
  return ports
}

/** As apimachinery reads a bool of a query: whatever is there and not a no. */
function flag(query: URLSearchParams, name: string): boolean {
  const value = query.get(name)
  return value !== null && value.toLowerCase() !== 'false' && value !== '0'
}
