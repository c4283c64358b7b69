import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { KubeFailure } from '../../kube/kube-failure.ts'
import { PODS } from '../../kube/resources.ts'
import type { Logger } from '../../runtime/logger.ts'
import type { ObjectStore } from '../store/object-store.ts'
import type { PodStreamTarget } from '../streams/pod-stream-target.ts'
import { createPodStreams } from '../streams/pod-streams.ts'
import type { StreamRequest } from '../streams/stream-request.ts'
import { refusalOf, refuseUpgrade } from '../streams/upgrade-refusal.ts'
import { parseApiPath } from './api-path.ts'
import type { Authentication } from './authentication.ts'
import { checkContainer } from './pod-container.ts'
import { noSuchResource } from './status-answer.ts'

export interface UpgradeOptions {
  readonly authentication: Authentication
  readonly store: ObjectStore
  readonly target: PodStreamTarget
  readonly logger: Logger
}

/** Takes over the connections that become streams of pods. */
export interface Upgrades {
  readonly handle: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
  /** Cuts them all. */
  close(): void
}

const STREAMS: Readonly<Record<string, StreamRequest['kind']>> = {
  exec: 'exec',
  attach: 'attach',
  portforward: 'portforward',
}

export function createUpgradeHandler({ authentication, store, target, logger }: UpgradeOptions): Upgrades {
  const streams = createPodStreams(target, { logger })

  async function serve(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    await authentication.authenticate(request.headers)
    const wanted = streamOf(request.url ?? '')
    const pod = store.get(PODS, { namespace: wanted.namespace, name: wanted.pod })
    checkContainer(pod, wanted.query.get('container') ?? '')
    streams.handle(request, socket, head, wanted)
  }

  return {
    handle(request, socket, head) {
      // Nobody else listens until a stream does: an error then would end the process.
      const ignore = () => socket.destroy()
      socket.on('error', ignore)
      serve(request, socket, head).catch((error: unknown) => refuseUpgrade(socket, refusalOf(error)))
    },
    close: () => streams.close(),
  }
}

function streamOf(target: string): StreamRequest {
  const url = URL.parse(target, 'https://host')
  const path = url === null ? undefined : parseApiPath(url.pathname)
  if (url === null || path?.kind !== 'objects') throw noSuchResource()
  const { group, plural, namespace, name, subresource = '' } = path
  if (group !== '' || plural !== 'pods' || namespace === undefined || name === undefined)
    throw noSuchResource()
  const kind = Object.hasOwn(STREAMS, subresource) ? STREAMS[subresource] : undefined
  if (kind === undefined) {
    if (subresource === 'proxy')
      throw new KubeFailure('NotImplemented', 'the proxy passes no connections on that change their protocol')
    throw noSuchResource()
  }
  return { kind, namespace, pod: name, query: url.searchParams }
}
