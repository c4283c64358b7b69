import { unlessAbsent } from '../../kube/kube-errors.ts'
import { ENDPOINTS, SERVICES } from '../../kube/resources.ts'
import { KisekiError, messageOf } from '../../model/errors.ts'
import type { Service, ServicePort } from '../../model/kubernetes.ts'
import type { SocketAddress } from '../../model/sidecar-config.ts'
import { errorFields } from '../../runtime/logger.ts'
import { findTargets } from '../port-forward.ts'
import type { PortYields } from '../port-yields.ts'
import { startTcpRelay, type TcpRelay } from '../tcp-relay.ts'
import type { Controller, ControllerContext } from './controller.ts'
import { keyOf, parseKey } from './object-key.ts'
import { createReconciler } from './reconciler.ts'

const COMPONENT = 'service-proxy'
/** The first port that everybody may listen on. */
const FIRST_FREE_PORT = 1024

type ProxyContext = Pick<ControllerContext, 'client' | 'services' | 'events' | 'logger'> & {
  readonly portYields: PortYields
}

/**
 * Lets Services answer on their ClusterIP: TCP from there to their ready pods, one after the other, as kube-proxy
 * does. A program that listens on the same port at all addresses, as most do, goes first: the Service then does not
 * answer there any more. Only where all of 127/8 is there, which is Linux; elsewhere names of Services are for sidecars only.
 */
export function startServiceProxy(
  context: ProxyContext,
  platform: NodeJS.Platform = process.platform,
): Controller {
  if (platform === 'linux') return new ServiceProxy(context)
  context.logger.info('Services do not answer on their addresses: this system has no such addresses', {
    platform,
  })
  return { close: async () => undefined }
}

class ServiceProxy implements Controller {
  readonly #context: ProxyContext
  readonly #reconciler: Controller
  /** By Service, then by address and port. */
  readonly #relays = new Map<string, Map<string, TcpRelay>>()
  /** What has been told already, by Service, address and port. */
  readonly #told = new Set<string>()
  /** Ports that are left to programs. */
  readonly #yielded = new Set<number>()
  readonly #forget: () => void

  constructor(context: ProxyContext) {
    const { services, logger } = context
    this.#context = context
    const reconciler = createReconciler({
      name: COMPONENT,
      reconcile: key => this.#reconcile(key),
      logger,
    })
    services.onChange(({ object }) => reconciler.add(keyOf(object)))
    this.#reconciler = reconciler
    this.#forget = context.portYields.onAsk(port => this.#yield(port))
  }

  async close(): Promise<void> {
    this.#forget()
    await this.#reconciler.close()
    const relays = [...this.#relays.values()].flatMap(of => [...of.values()])
    this.#relays.clear()
    await Promise.all(relays.map(relay => relay.close()))
  }

  async #reconcile(key: string): Promise<void> {
    const service = await unlessAbsent(this.#context.client.get(SERVICES, parseKey(key)))
    const wanted = service === undefined ? new Map<string, ServicePort>() : socketsOf(service)
    const relays = this.#relays.get(key) ?? new Map<string, TcpRelay>()
    this.#relays.set(key, relays)
    for (const [socket, relay] of relays) {
      if (wanted.has(socket)) continue
      relays.delete(socket)
      await relay.close()
    }
    for (const [socket, port] of wanted) {
      if (service === undefined || relays.has(socket) || this.#yielded.has(port.port)) continue
      const relay = await this.#listen(service, port)
      if (relay !== undefined) relays.set(socket, relay)
    }
    if (relays.size === 0) this.#relays.delete(key)
  }

  async #yield(port: number): Promise<boolean> {
    this.#yielded.add(port)
    const { services } = this.#context
    let given = false
    for (const [key, relays] of this.#relays) {
      const held = [...relays].filter(([, relay]) => relay.port === port)
      for (const [socket, relay] of held) {
        given = true
        relays.delete(socket)
        await relay.close()
        const service = services.get(parseKey(key))
        if (service !== undefined) this.#tell(service, port, leftToProgram(socket))
      }
    }
    return given
  }

  async #listen(service: Service, port: ServicePort): Promise<TcpRelay | undefined> {
    const { clusterIP: host = '' } = service.spec
    const { logger } = this.#context
    try {
      return await startTcpRelay({
        listen: { host, port: port.port },
        logger,
        targets: () => this.#targets(service, port),
      })
    } catch (error) {
      this.#tell(service, port.port, error)
      return undefined
    }
  }

  /** Read afresh: selector and target port may have changed. */
  async #targets({ metadata }: Service, { port }: ServicePort): Promise<readonly SocketAddress[]> {
    const { client } = this.#context
    const { namespace = '', name } = metadata
    const service = await unlessAbsent(client.get(SERVICES, { namespace, name }))
    const servicePort = service?.spec.ports?.find(each => each.port === port)
    if (service === undefined || servicePort === undefined) return []
    if (service.spec.selector !== undefined) return findTargets(client, { namespace, service: name, port })
    const endpoints = await unlessAbsent(client.get(ENDPOINTS, { namespace, name }))
    return (endpoints?.subsets ?? []).flatMap(({ addresses = [], ports = [] }) =>
      ports
        .filter(each => each.name === servicePort.name)
        .flatMap(each => addresses.map(({ ip }) => ({ address: ip, port: each.port }))),
    )
  }

  /** Once: nothing that happens later makes it other. */
  #tell(service: Service, port: number, error: unknown): void {
    const { events, logger } = this.#context
    const { uid } = service.metadata
    const { clusterIP } = service.spec
    const place = `${uid} ${clusterIP}:${port}`
    if (this.#told.has(place)) return
    this.#told.add(place)
    const message = `${messageOf(error)}. ${remedyFor(port, error)}`
    events.record(service, { type: 'Warning', reason: 'FailedToListen', message, component: COMPONENT })
    logger.warn('a Service does not answer on its address', {
      service: keyOf(service),
      ...errorFields(error),
    })
  }
}

/** By `address:port`; UDP is not forwarded. */
function socketsOf({ metadata, spec }: Service): ReadonlyMap<string, ServicePort> {
  const { clusterIP = '', ports = [], type } = spec
  const isVirtual = clusterIP !== '' && clusterIP !== 'None' && type !== 'ExternalName'
  if (!isVirtual || metadata.deletionTimestamp !== undefined) return new Map()
  const tcp = ports.filter(({ protocol = 'TCP' }) => protocol === 'TCP')
  return new Map(tcp.map(port => [`${clusterIP}:${port.port}`, port]))
}

function leftToProgram(socket: string): KisekiError {
  return new KisekiError('KISEKI_PORT_IN_USE', `${socket} is left to a program of a pod`)
}

function remedyFor(port: number, error: unknown): string {
  if (error instanceof KisekiError && error.code === 'KISEKI_PORT_IN_USE')
    return `Something listens on port ${port} at all addresses: stop it, or give the Service another port.`
  if (port < FIRST_FREE_PORT)
    return `Allow it with \`sysctl net.ipv4.ip_unprivileged_port_start=${port}\`, or give the Service a port from ${FIRST_FREE_PORT} on; through a sidecar, or forwarded, it is reached all the same.`
  return 'Give the Service another port; through a sidecar, or forwarded, it is reached all the same.'
}
