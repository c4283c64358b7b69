import type { JsonObject } from '../../model/json.ts'
import { objectAt, objectsAt, textAt, textsAt, valueAt } from '../schema/json-reading.ts'
import { AGE, type Column, firstThree, lengthAt, NAME, numberAt, orNone, text, wide } from './column.ts'
import { labelsText, selectorText } from './label-texts.ts'

const spec = (object: JsonObject): JsonObject => objectAt(object, 'spec')

export const SERVICE_COLUMNS: readonly Column[] = [
  NAME,
  text('Type', 'How the service can be reached.', serviceType),
  text('Cluster-IP', 'The address of the service inside of the cluster.', clusterAddress),
  text('External-IP', 'Addresses of the service outside of the cluster.', externalAddress),
  text('Port(s)', 'Ports of the service.', service => orNone(portsText(service))),
  AGE,
  wide(text('Selector', 'Labels of the pods.', service => labelsText(objectAt(spec(service), 'selector')))),
]

export const ENDPOINTS_COLUMNS: readonly Column[] = [
  NAME,
  text('Endpoints', 'Addresses and ports of the pods that are ready.', endpointsText),
  AGE,
]

export const ENDPOINT_SLICE_COLUMNS: readonly Column[] = [
  NAME,
  text('AddressType', 'What kind of addresses they are.', slice => textAt(slice, 'addressType')),
  text('Ports', 'Ports of each endpoint.', slice => orUnset(firstThree(slicePorts(slice)))),
  text('Endpoints', 'Addresses of the endpoints.', slice =>
    orUnset(firstThree(objectsAt(slice, 'endpoints').flatMap(endpoint => textsAt(endpoint, 'addresses')))),
  ),
  AGE,
]

export const INGRESS_COLUMNS: readonly Column[] = [
  NAME,
  text('Class', 'Which controller is to serve it.', ingress =>
    orNone(textAt(spec(ingress), 'ingressClassName')),
  ),
  text('Hosts', 'Hosts that requests are for.', hostsText),
  text('Address', 'Addresses of the load balancer.', balancerText),
  text('Ports', 'Ports that are open.', ingress => (lengthAt(spec(ingress), 'tls') > 0 ? '80, 443' : '80')),
  AGE,
]

export const NETWORK_POLICY_COLUMNS: readonly Column[] = [
  NAME,
  text('Pod-Selector', 'Labels of the pods.', policy =>
    orNone(selectorText(objectAt(spec(policy), 'podSelector'))),
  ),
  AGE,
]

function serviceType(service: JsonObject): string {
  return textAt(spec(service), 'type') || 'ClusterIP'
}

function clusterAddress(service: JsonObject): string {
  const [first = textAt(spec(service), 'clusterIP')] = textsAt(spec(service), 'clusterIPs')
  return orNone(first)
}

function externalAddress(service: JsonObject): string {
  const external = textsAt(spec(service), 'externalIPs')
  const type = serviceType(service)
  if (type === 'ExternalName') return textAt(spec(service), 'externalName')
  if (type === 'LoadBalancer') {
    const all = [balancerText(service), ...external].filter(address => address !== '')
    return all.length === 0 ? '<pending>' : all.join(',')
  }
  if (type !== 'ClusterIP' && type !== 'NodePort') return '<unknown>'
  return orNone(external.join(','))
}

function portsText(service: JsonObject): string {
  return objectsAt(spec(service), 'ports')
    .map(port => {
      const node = numberAt(port, 'nodePort')
      return `${numberAt(port, 'port')}${node > 0 ? `:${node}` : ''}/${textAt(port, 'protocol') || 'TCP'}`
    })
    .join(',')
}

function balancerText(object: JsonObject): string {
  const ingress = objectsAt(objectAt(objectAt(object, 'status'), 'loadBalancer'), 'ingress')
  const addresses = ingress.map(one => textAt(one, 'ip') || textAt(one, 'hostname'))
  return Array.from(new Set(addresses.filter(address => address !== '')))
    .sort()
    .join(',')
}

/** Pods of a headless service may have no ports at all. */
function endpointsText(endpoints: JsonObject): string {
  const subsets = objectsAt(endpoints, 'subsets')
  if (subsets.length === 0) return '<none>'
  return firstThree(
    subsets.flatMap(subset => {
      const addresses = objectsAt(subset, 'addresses').map(address => textAt(address, 'ip'))
      const ports = objectsAt(subset, 'ports')
      if (ports.length === 0) return addresses
      return ports.flatMap(port => addresses.map(address => hostPort(address, numberAt(port, 'port'))))
    }),
  )
}

function hostPort(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}

function slicePorts(slice: JsonObject): readonly string[] {
  return objectsAt(slice, 'ports').map(port =>
    valueAt(port, 'port') === undefined ? textAt(port, 'name') || '*' : String(numberAt(port, 'port')),
  )
}

function hostsText(ingress: JsonObject): string {
  const rules = objectsAt(spec(ingress), 'rules')
  const hosts = rules.map(rule => textAt(rule, 'host')).filter(host => host !== '')
  if (hosts.length === 0) return '*'
  const [, , third] = rules.flatMap((rule, at) => (textAt(rule, 'host') === '' ? [] : [at]))
  // A rule for any host counts as one more, when it comes after the three that are shown.
  const rest = third === undefined || third === rules.length - 1 ? '' : ` + ${rules.length - 3} more...`
  return `${hosts.slice(0, 3).join(',')}${rest}`
}

function orUnset(cell: string): string {
  return cell === '' ? '<unset>' : cell
}
