import { CLUSTER_DOMAIN } from '../well-known-names.ts'

/** The names by which pods of every namespace reach a Service, shortest first. */
export function wideNames(service: string, namespace: string): readonly string[] {
  const qualified = `${service}.${namespace}`.toLowerCase()
  const labels = CLUSTER_DOMAIN.split('.')
  const domains = labels.map((_, index) => labels.slice(0, index + 1).join('.'))
  return [qualified, `${qualified}.svc`, ...domains.map(domain => `${qualified}.svc.${domain}`)]
}

/** How an app writes a host and a port: the port of HTTP may be left out. */
export function authorities(host: string, port: number): readonly string[] {
  const name = host.includes(':') ? `[${host}]` : host
  return port === 80 ? [name, `${name}:80`] : [`${name}:${port}`]
}
