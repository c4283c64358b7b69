import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { createClock } from '../../runtime/clock.ts'
import { createMetrics } from '../../runtime/metrics.ts'
import { createIdSource } from '../../runtime/random-ids.ts'
import { createLineSink } from '../access-log/line-sink.ts'
import { createConnections } from '../net/connections.ts'
import type { Timed } from '../net/deadlines.ts'
import type { Transport, TransportOwner } from '../net/transport.ts'
import { buildTables } from '../routing/build-tables.ts'
import type { UpstreamFailure, UpstreamUser } from '../routing/upstream-connection.ts'
import { createSidecarMetrics } from '../sidecar-metrics.ts'
import { configOf } from '../testing/rig.ts'
import { routeOf } from '../testing/route-of.ts'
import { createDecisionMemory } from '../tracing/decision-memory.ts'
import { createSpanNames } from '../tracing/span-names.ts'
import type { DataPlane } from './data-plane.ts'
import { openUpstream } from './upstream.ts'

/** A connection that somebody else brings about. */
class FakeTransport implements Transport {
  owner: TransportOwner
  remoteAddress = ''
  remotePort = 0
  connected = false
  unsent = 0
  destroyed = false
  constructor(owner: TransportOwner) {
    this.owner = owner
  }
  write(): boolean {
    return this.connected
  }
  writeText(): boolean {
    return this.connected
  }
  writeBoth(): boolean {
    return this.connected
  }
  pause(): void {}
  resume(): void {}
  end(): void {}
  destroy(): void {
    this.destroyed = true
  }
  reset(): void {
    this.destroyed = true
  }
}

function planeOf() {
  let now = 0
  const clock = createClock()
  const timed = new Set<Timed>()
  const transports: FakeTransport[] = []
  const metrics = createSidecarMetrics(createMetrics())
  const { tables } = buildTables({
    config: configOf({ tracing: false, timeoutMillis: 60_000 }, 1),
    previous: new Map(),
    previousLoads: new Map(),
    metrics,
    accessLogGround: { clock, sink: createLineSink({ output: new PassThrough(), metrics: createMetrics() }) },
    balancerGround: { random: () => 0, monotonicMillis: () => now },
    tracerGround: {
      clock,
      ids: createIdSource(),
      decisions: createDecisionMemory({ monotonicMicros: clock.monotonic }),
      names: createSpanNames(),
      record: () => undefined,
    },
  })
  const plane: DataPlane = {
    tables,
    connections: createConnections(10),
    metrics,
    clock,
    random: () => 0,
    deadlines: {
      add: each => void timed.add(each),
      remove: each => void timed.delete(each),
      after: millis => now + millis,
    },
    connect: (_, owner) => {
      const transport = new FakeTransport(owner)
      transports.push(transport)
      return transport
    },
  }
  const pass = (millis: number): void => {
    now += millis
    for (const each of [...timed]) if (each.deadline <= now) each.onDeadline()
  }
  return { plane, timed, transports, pass }
}

function listener() {
  const failures: UpstreamFailure[] = []
  const user: UpstreamUser = {
    headOnly: false,
    onUpstreamConnect: () => undefined,
    onUpstreamDrain: () => undefined,
    onInterim: () => undefined,
    onSwitch: () => undefined,
    onResponse: () => undefined,
    onResponseBody: () => undefined,
    onResponseEnd: () => undefined,
    onUpstreamFailure: failure => void failures.push(failure),
  }
  return { user, failures }
}

describe('a connection to an endpoint', () => {
  it('that is not made in five seconds has failed, and is closed and counted', () => {
    const { plane, timed, transports, pass } = planeOf()
    const route = routeOf({ weights: [1] })
    const [first] = route.balancer.endpoints
    if (first === undefined) throw new Error('there is one')
    const { user, failures } = listener()
    openUpstream(plane, route, first.endpoint).serve(user)
    pass(4999)
    expect(failures).toEqual([])
    pass(1)
    expect(failures).toEqual(['timeout'])
    expect(transports[0]?.destroyed).toBe(true)
    expect(first.endpoint.connections).toBe(0)
    expect(timed.size).toBe(0)
    expect(route.counters.connectTimeouts.value).toBe(1)
  })

  it('that was made has no more time to keep, until it is idle', () => {
    const { plane, transports, pass } = planeOf()
    const route = routeOf({ weights: [1], settings: { connectMillis: 100 } })
    const [first] = route.balancer.endpoints
    if (first === undefined) throw new Error('there is one')
    const { user, failures } = listener()
    const upstream = openUpstream(plane, route, first.endpoint)
    upstream.serve(user)
    const [transport] = transports
    if (transport === undefined) throw new Error('it was asked for')
    transport.connected = true
    transport.owner.onConnect()
    pass(1_000_000)
    expect(failures).toEqual([])
    upstream.release()
    expect(first.endpoint.idleConnections).toBe(1)
    pass(30_000)
    expect(first.endpoint.idleConnections).toBe(0)
    expect(transport.destroyed).toBe(true)
    expect(route.counters.idleTimeouts.value).toBe(1)
  })
})
