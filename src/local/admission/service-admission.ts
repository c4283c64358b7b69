import { SERVICES } from '../../kube/resources.ts'
import type { Service } from '../../model/kubernetes.ts'
import { invalid } from '../store/store-errors.ts'
import type { Admit } from './admission.ts'
import { withServiceDefaults } from './defaults/service-defaults.ts'

/** Of 127.96.0.0/16, where the proxy of Services listens. */
const CLUSTER_NETWORK = '127.96'
const FIRST_HOST = 1
const LAST_HOST = 0xfffe

/** Gives Services an address when they are created, as a cluster does; it stays. `used` are those of all others. */
export function createServiceAdmission(used: () => ReadonlySet<string>): Admit<Service> {
  let last = FIRST_HOST - 1

  function allocate(service: Service): string {
    const taken = used()
    for (let tries = FIRST_HOST; tries <= LAST_HOST; tries++) {
      last = last === LAST_HOST ? FIRST_HOST : last + 1
      const address = `${CLUSTER_NETWORK}.${last >> 8}.${last & 0xff}`
      if (!taken.has(address)) return address
    }
    throw invalid(SERVICES, service.metadata.name, 'spec.clusterIP', 'no address is left')
  }

  return (service, previous) => {
    checkPorts(service)
    const complete = withServiceDefaults(service)
    const { spec } = complete
    if (spec.type === 'ExternalName') return complete
    const clusterIP = spec.clusterIP || previous?.spec.clusterIP || allocate(service)
    return { ...complete, spec: { ...spec, clusterIP, clusterIPs: [clusterIP] } }
  }
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
    throw refuse(`[${index}].port`, `Invalid value: ${port}: must be between 1 and 65535`)
  }
}
