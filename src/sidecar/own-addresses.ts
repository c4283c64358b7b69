import { networkInterfaces } from 'node:os'

const ANY_ADDRESS = new Set(['0.0.0.0', '::', ''])

/** Tells whether a connection would lead back to a listener of this sidecar. */
export interface OwnAddresses {
  includes(address: string, port: number): boolean
}

/** `ports` may grow later: listeners open when the sidecar is configured. */
export function createOwnAddresses(listenHost: string, ports: ReadonlySet<number>): OwnAddresses {
  const everywhere = ANY_ADDRESS.has(listenHost)
  return {
    includes: (address, port) =>
      ports.has(port) && (everywhere ? isOfThisMachine(address) : address === listenHost),
  }
}

function isOfThisMachine(address: string): boolean {
  if (address.startsWith('127.') || address === '::1') return true
  return Object.values(networkInterfaces()).some(
    found => found?.some(each => each.address === address) === true,
  )
}
