import type { JsonObject } from '../../model/json.ts'
import type { Revision, SocketAddress } from '../../model/sidecar-config.ts'

/** Names and shapes of Envoy's admin API (envoyproxy.io/docs, `/config_dump`), which tools and people look for. */

export function envoyType(name: string): string {
  return `type.googleapis.com/envoy.${name}`
}

export function socketAddress({ address, port }: SocketAddress): JsonObject {
  return { socket_address: { address, port_value: port } }
}

export function versioned(revision: Revision, content: JsonObject): JsonObject {
  return { version_info: revision, ...content }
}
