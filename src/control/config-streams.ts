import type { Revision, SidecarConfig } from '../model/sidecar-config.ts'
import type { Counter, Metrics } from '../runtime/metrics.ts'
import { encodeSidecarConfig } from '../wire/sidecar-config-json.ts'
import { type ConfigStream, createConfigStream } from './config-stream.ts'
import type { ControlLimits } from './control-limits.ts'

/** The sidecars that listen, each with one stream. */
export interface ConfigStreams {
  readonly podUids: readonly string[]
  /** A sidecar that comes again takes the place of its older stream. `full`: nothing was opened. */
  open(podUid: string, gone: AbortSignal): ConfigStream | 'full'
  has(podUid: string): boolean
  /** Sends the configuration, unless it is what was sent last. */
  offer(podUid: string, config: SidecarConfig): void
  beat(): void
  endAll(): void
}

export interface ConfigStreamsOptions {
  readonly limits: ControlLimits
  readonly metrics: Metrics
  /** The last stream of a sidecar ended. */
  readonly closed: (podUid: string) => void
}

interface Entry {
  readonly stream: ConfigStream
  offered?: Revision
}

export function createConfigStreams({ limits, metrics, closed }: ConfigStreamsOptions): ConfigStreams {
  const entries = new Map<string, Entry>()
  const count = countersOf(metrics)
  metrics.gauge('kiseki_control_streams', 'Sidecars that listen for configurations.', () => entries.size)

  function drop(podUid: string, entry: Entry): void {
    if (entries.get(podUid) !== entry) return
    entries.delete(podUid)
    closed(podUid)
  }

  return {
    get podUids() {
      return [...entries.keys()]
    },
    open(podUid, gone) {
      const older = entries.get(podUid)
      if (older === undefined && entries.size >= limits.streams) {
        count.refused.add()
        return 'full'
      }
      if (older !== undefined) {
        count.replaced.add()
        older.stream.end()
      }
      const stream = createConfigStream({
        blockedMillis: limits.blockedMillis,
        gone,
        blocked: () => count.blocked.add(),
      })
      const entry: Entry = { stream }
      entries.set(podUid, entry)
      gone.addEventListener('abort', () => drop(podUid, entry), { once: true })
      return stream
    },
    has: podUid => entries.has(podUid),
    offer(podUid, config) {
      const entry = entries.get(podUid)
      if (entry === undefined || entry.offered === config.revision) return
      entry.offered = config.revision
      entry.stream.offer(encodeSidecarConfig(config))
      count.offered.add()
    },
    beat() {
      for (const { stream } of entries.values()) stream.beat()
    },
    endAll() {
      for (const { stream } of entries.values()) stream.end()
    },
  }
}

function countersOf(
  metrics: Metrics,
): Readonly<Record<'offered' | 'refused' | 'replaced' | 'blocked', Counter>> {
  const ended = (reason: string): Counter =>
    metrics.counter('kiseki_control_streams_ended_total', 'Streams that the control plane ended.', { reason })
  return {
    offered: metrics.counter(
      'kiseki_control_configs_sent_total',
      'SidecarConfigs that were given to a stream.',
    ),
    refused: metrics.counter('kiseki_control_streams_refused_total', 'Streams that were refused.', {
      reason: 'full',
    }),
    replaced: ended('replaced'),
    blocked: ended('blocked'),
  }
}
