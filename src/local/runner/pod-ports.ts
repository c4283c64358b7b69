import type { Container } from '../../model/kubernetes-pod.ts'
import type { SocketAddress } from '../../model/sidecar-config.ts'
import { portOf } from '../container-port.ts'
import type { FreePorts } from './free-ports.ts'
import type { PodAddress } from './pod-addresses.ts'

/** A container port that is only said, and the one that its app is told to listen on. */
export interface VirtualPort {
  readonly container: string
  readonly name?: string
  readonly containerPort: number
  readonly chosen: number
}

/** Where the container ports of one pod really are. */
export interface PodPorts {
  /** Of a container, in the order of the manifest. */
  of(container: string): readonly VirtualPort[]
  /** Where to connect for a container port, by number, or by its name in this container. */
  target(container: Container, port: number | string): SocketAddress | undefined
  /** Where the app was found to listen. True if that is news. */
  move(containerPort: number, to: SocketAddress): boolean
  /** Chooses anew what somebody else has taken in the meantime. True if that was so. */
  renew(container: string): Promise<boolean>
  /** By container port, what is not simply on the pod's address. */
  mapping(): ReadonlyMap<number, SocketAddress>
  giveBack(): void
}

export interface PodPortsOptions {
  readonly address: PodAddress
  readonly containers: readonly Container[]
  /** Containers whose ports are where their manifest says, if the pod has its address for itself. */
  readonly isFixed: (container: Container) => boolean
  readonly freePorts: FreePorts
}

export async function choosePodPorts(options: PodPortsOptions): Promise<PodPorts> {
  const ports = new ChosenPorts(options)
  for (const container of options.containers) await ports.choose(container)
  return ports
}

class ChosenPorts implements PodPorts {
  readonly #options: PodPortsOptions
  readonly #virtual = new Map<number, VirtualPort>()
  readonly #real = new Map<number, SocketAddress>()

  constructor(options: PodPortsOptions) {
    this.#options = options
  }

  async choose(container: Container): Promise<void> {
    const { address, isFixed } = this.#options
    if (address.exclusive && isFixed(container)) return
    for (const { containerPort, name, protocol = 'TCP' } of container.ports ?? []) {
      if (protocol !== 'TCP' || this.#virtual.has(containerPort)) continue
      const named = name === undefined ? {} : { name }
      await this.#take({ container: container.name, containerPort, ...named })
    }
  }

  of(container: string): readonly VirtualPort[] {
    return [...this.#virtual.values()].filter(port => port.container === container)
  }

  target(container: Container, port: number | string): SocketAddress | undefined {
    const containerPort = portOf([container], port)
    if (containerPort === undefined) return undefined
    return this.#real.get(containerPort) ?? { address: this.#options.address.ip, port: containerPort }
  }

  move(containerPort: number, to: SocketAddress): boolean {
    const from = this.#real.get(containerPort)
    if (from?.address === to.address && from.port === to.port) return false
    this.#real.set(containerPort, to)
    return true
  }

  async renew(container: string): Promise<boolean> {
    const { freePorts } = this.#options
    let renewed = false
    for (const port of this.of(container)) {
      if (await freePorts.isFree(port.chosen)) continue
      await this.#take(port)
      freePorts.giveBack(port.chosen)
      renewed = true
    }
    return renewed
  }

  mapping(): ReadonlyMap<number, SocketAddress> {
    return this.#real
  }

  giveBack(): void {
    for (const { chosen } of this.#virtual.values()) this.#options.freePorts.giveBack(chosen)
  }

  async #take(port: Omit<VirtualPort, 'chosen'>): Promise<void> {
    const chosen = await this.#options.freePorts.take()
    this.#virtual.set(port.containerPort, { ...port, chosen })
    this.#real.set(port.containerPort, { address: this.#options.address.ip, port: chosen })
  }
}
