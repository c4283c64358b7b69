import type { Endpoint } from '../model/span.ts'
import { ipFamily, mappedIpv4 } from './ip-address.ts'
import type { ZipkinEndpoint } from './zipkin-span.ts'

/**
 * Reads endpoints, and gives the same object for the same endpoint twice in a row: nearly all spans of a batch
 * come from one place. As in Zipkin, an address goes where its family belongs, IPv4 inside IPv6 is taken out,
 * and what is no address is absent; otherwise the text stays as it was sent.
 */
export class EndpointMemo {
  readonly #withService: boolean
  #service = ''
  #ipv4 = ''
  #ipv6 = ''
  #port = 0
  #last: Endpoint | undefined

  /** `withService`: the service is part of the endpoint (it is not for the local one, where it is the resource's). */
  constructor(withService: boolean) {
    this.#withService = withService
  }

  /** Undefined where the endpoint says nothing. */
  read(endpoint: ZipkinEndpoint): Endpoint | undefined {
    const service = this.#withService ? (endpoint.serviceName ?? '') : ''
    const ipv4 = endpoint.ipv4 ?? ''
    const ipv6 = endpoint.ipv6 ?? ''
    const port = endpoint.port ?? 0
    const same =
      ipv4 === this.#ipv4 && port === this.#port && service === this.#service && ipv6 === this.#ipv6
    if (same) return this.#last
    this.#service = service
    this.#ipv4 = ipv4
    this.#ipv6 = ipv6
    this.#port = port
    this.#last = makeEndpoint(service, ipv4, ipv6, port)
    return this.#last
  }
}

function makeEndpoint(service: string, ipv4: string, ipv6: string, port: number): Endpoint | undefined {
  const made: { service?: string; ipv4?: string; ipv6?: string; port?: number } = {}
  if (service !== '') made.service = service
  for (const text of [ipv4, ipv6]) {
    const family = ipFamily(text)
    if (family === 'ipv4') made.ipv4 = text
    else if (family === 'mapped') made.ipv4 = mappedIpv4(text)
    else if (family === 'ipv6') made.ipv6 = text
  }
  if (port !== 0) made.port = port
  return Object.keys(made).length === 0 ? undefined : made
}
