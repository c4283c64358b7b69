import type { Resource } from '../../kube/resources.ts'
import { KisekiError } from '../../model/errors.ts'
import type { KubeObject } from '../../model/kubernetes.ts'

/** The wording is kube-apiserver's: people search for it. */
export function notFound(resource: Resource, name: string): KisekiError {
  return new KisekiError('KISEKI_NOT_FOUND', `${qualified(resource)} "${name}" not found`)
}

export function alreadyExists(resource: Resource, name: string): KisekiError {
  return new KisekiError('KISEKI_ALREADY_EXISTS', `${qualified(resource)} "${name}" already exists`)
}

/** What a writer says of the object that it means; absent: any. Throws `KISEKI_CONFLICT`. */
export function checkPreconditions(
  resource: Resource,
  meant: { readonly uid?: string; readonly resourceVersion?: string },
  { metadata }: KubeObject,
): void {
  const { uid = metadata.uid, resourceVersion = metadata.resourceVersion } = meant
  if (uid !== metadata.uid) {
    throw conflict(
      resource,
      metadata.name,
      `UID in precondition: ${uid}, UID in object meta: ${metadata.uid}`,
    )
  }
  if (resourceVersion !== metadata.resourceVersion) {
    throw conflict(resource, metadata.name, MODIFIED_MEANWHILE)
  }
}

const MODIFIED_MEANWHILE =
  'the object has been modified; please apply your changes to the latest version and try again'

function conflict(resource: Resource, name: string, what: string): KisekiError {
  return new KisekiError(
    'KISEKI_CONFLICT',
    `Operation cannot be fulfilled on ${qualified(resource)} "${name}": ${what}`,
  )
}

/** `field` is a path: `spec.template.metadata.labels`. */
export function invalid(resource: Resource, name: string, field: string, problem: string): KisekiError {
  return new KisekiError('KISEKI_INVALID', `${resource.kind} "${name}" is invalid: ${field}: ${problem}`)
}

function qualified(resource: Resource): string {
  return resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`
}
