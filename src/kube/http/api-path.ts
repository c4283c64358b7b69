import { KisekiError } from '../../model/errors.ts'
import type { ObjectName } from '../client.ts'
import type { Resource } from '../resources.ts'

/** `/api/v1/namespaces/n/pods`; without namespace all of them: `/api/v1/pods`. */
export function collectionPath(resource: Resource, namespace?: string): string {
  const { group, version, plural, namespaced } = resource
  const root = group === '' ? `/api/${segment(version)}` : `/apis/${segment(group)}/${segment(version)}`
  const within = namespaced && namespace !== undefined ? `/namespaces/${segment(namespace)}` : ''
  return `${root}${within}/${segment(plural)}`
}

/** Where objects of a namespace are created. The wording of errors is client-go's, as everywhere here. */
export function creationPath(resource: Resource, namespace?: string): string {
  if (resource.namespaced && !namespace) throw unusable('an empty namespace may not be set during creation')
  return collectionPath(resource, namespace)
}

export function objectPath(
  resource: Resource,
  { name, namespace }: ObjectName,
  subresource?: string,
): string {
  if (resource.namespaced && !namespace) {
    throw unusable('an empty namespace may not be set when a resource name is provided')
  }
  const path = `${collectionPath(resource, namespace)}/${segment(name)}`
  return subresource === undefined ? path : `${path}/${segment(subresource)}`
}

const POD_NAME = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/

/**
 * `/api/v1/namespaces/n/pods/NAME:PORT/proxy/PATH`. `path` begins with `/`, is encoded as in a URL, and may have a
 * query; it is refused where a server could read it as something above the pod.
 */
export function podProxyPath(pod: ObjectName, port: number, path: string): string {
  const { name, namespace } = pod
  // A colon would make the server read a scheme before the name, or a port after it.
  if (!POD_NAME.test(name)) throw unusable(`invalid resource name "${name}"`)
  if (!namespace) throw unusable('an empty namespace may not be set when a resource name is provided')
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw unusable(`invalid port ${port}`)
  if (!/^\/[!-~]*$/.test(path) || /[#\\]/.test(path) || hasDotSegment(path)) {
    throw unusable(`invalid path "${path}": must begin with / and be encoded, without . and .. in it`)
  }
  return `/api/v1/namespaces/${segment(namespace)}/pods/${name}:${port}/proxy${path}`
}

function hasDotSegment(path: string): boolean {
  const [before = ''] = path.split('?')
  // `%2e` is a dot to who decodes, and `%2f` then separates.
  const decoded = before.replace(/%2e/gi, '.').replace(/%2f/gi, '/').replace(/%5c/gi, '/')
  return decoded.split('/').some(part => part === '.' || part === '..')
}

/** One part of a path. What an URL would take for more than that is refused, as client-go does; all else is encoded. */
function segment(name: string): string {
  if (name === '') throw unusable('resource name may not be empty')
  if (name === '.' || name === '..') throw unusable(`invalid resource name "${name}": may not be '${name}'`)
  for (const sign of ['/', '%']) {
    if (name.includes(sign)) throw unusable(`invalid resource name "${name}": may not contain '${sign}'`)
  }
  if (!name.isWellFormed()) throw unusable(`invalid resource name "${name}": is not Unicode`)
  return encodeURIComponent(name)
}

function unusable(problem: string): KisekiError {
  return new KisekiError('KISEKI_INVALID', problem)
}
