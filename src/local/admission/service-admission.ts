import { SERVICES } from '../../kube/resources.ts'
import type { Service } from '../../model/kubernetes.ts'
import { invalid } from '../store/store-errors.ts'
import type { Admit } from './admission.ts'
import { withServiceDefaults } from './defaults/service-defaults.ts'

/** Of 127.96.0.0/16, where the proxy of Services listens. */
const CLUSTER_NETWORK = '127.96'
const FIRST_HOST = 1
const LAST_HOST = 0xfffe

/**
 * Gives Services an address when they are created, as a cluster does; it stays. `used` are those of all others. It begins
 * somewhere (`random`, 0 up to 1): other runs on this machine use the same network. A Service that is created again has
 * its former address again: there is no DNS, so programs that still run know it by the address.
 */
export function createServiceAdmission(
  used: () => ReadonlySet<string>,
  random: () => number,
): Admit<Service> {
  const begin = Math.floor(random() * LAST_HOST)

  function allocate(service: Service): string {
    const { name, namespace = '' } = service.metadata
    const taken = used()
    const first = begin + hashOf(`${namespace}/${name}`)
    for (let tries = 0; tries < LAST_HOST; tries++) {
      const host = FIRST_HOST + ((first + tries) % LAST_HOST)
      const address = `${CLUSTER_NETWORK}.${host >> 8}.${host & 0xff}`
      if (!taken.has(address)) return address
    }
    throw invalid(SERVICES, name, 'spec.clusterIP', 'no address is left')
  }

  return (service, previous) => {
    checkType(service)
    checkPorts(service)
    const complete = withServiceDefaults(service)
    const { spec } = complete
    if (spec.type === 'ExternalName') return complete
    const clusterIP = spec.clusterIP || previous?.spec.clusterIP || allocate(service)
    checkAddress(service, clusterIP, previous?.spec.clusterIP)
    const status = previous === undefined ? { status: { loadBalancer: {} } } : {}
    return { ...complete, spec: { ...spec, clusterIP, clusterIPs: [clusterIP] }, ...status }
  }
}

/** FNV-1a, 32 bits (RFC 9923): spreads names that are alike. */
function hashOf(text: string): number {
  let hash = 0x81_1c_9d_c5
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01_00_01_93) >>> 0
  return hash
}

const TYPES = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort']

function checkType({ metadata, spec }: Service): void {
  const type = spec?.type ?? 'ClusterIP'
  if (TYPES.includes(type)) return
  const supported = TYPES.map(each => JSON.stringify(each)).join(', ')
  const problem = `Unsupported value: ${JSON.stringify(type)}: supported values: ${supported}`
  throw invalid(SERVICES, metadata.name, 'spec.type', problem)
}

/** Programs that know a Service by its address must not find another there. */
function checkAddress({ metadata }: Service, address: string, before: string | undefined): void {
  if (before === undefined || before === address) return
  const problem = `Invalid value: ${JSON.stringify([address])}: may not change once set`
  throw invalid(SERVICES, metadata.name, 'spec.clusterIPs[0]', problem)
}

function checkPorts(service: Service): void {
  const spec: Partial<Service['spec']> = service.spec ?? {}
  const { ports = [] } = spec
  const refuse = (field: string, problem: string) =>
    invalid(SERVICES, service.metadata.name, `spec.ports${field}`, problem)
  const headless = spec.clusterIP === 'None' || spec.type === 'ExternalName'
  if (ports.length === 0 && !headless) throw refuse('', 'Required value')
  const names = new Set<string>()
  for (const [index, { name = '' }] of ports.entries()) {
    if (name === '' && ports.length > 1) throw refuse(`[${index}].name`, 'Required value')
    if (names.has(name)) throw refuse(`[${index}].name`, `Duplicate value: "${name}"`)
    names.add(name)
  }
  for (const [index, { port }] of ports.entries()) {
    if (Number.isInteger(port) && port > 0 && port < 65_536) continue
    throw refuse(`[${index}].port`, `Invalid value: ${port}: must be between 1 and 65535, inclusive`)
  }
}
