import { type FailureDetails, KubeFailure } from '../../kube/kube-failure.ts'
import type { Resource } from '../../kube/resources.ts'
import type { KubeObject } from '../../model/kubernetes.ts'

/** The wording is kube-apiserver's: people search for it. */
export function notFound(resource: Resource, name: string): KubeFailure {
  return new KubeFailure('NotFound', `${qualified(resource)} "${name}" not found`, detailsOf(resource, name))
}

export function alreadyExists(resource: Resource, name: string): KubeFailure {
  const message = `${qualified(resource)} "${name}" already exists`
  return new KubeFailure('AlreadyExists', message, detailsOf(resource, name))
}

export function forbidden(resource: Resource, name: string, why: string): KubeFailure {
  const message = `${qualified(resource)} "${name}" is forbidden: ${why}`
  return new KubeFailure('Forbidden', message, detailsOf(resource, name))
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

function conflict(resource: Resource, name: string, what: string): KubeFailure {
  const message = `Operation cannot be fulfilled on ${qualified(resource)} "${name}": ${what}`
  return new KubeFailure('Conflict', message, detailsOf(resource, name))
}

const CAUSE_OF_PROBLEM: readonly (readonly [RegExp, string])[] = [
  [/^Required value/, 'FieldValueRequired'],
  [/^Duplicate value/, 'FieldValueDuplicate'],
  [/^Unsupported value/, 'FieldValueNotSupported'],
  [/^Forbidden/, 'FieldValueForbidden'],
  [/^Too long/, 'FieldValueTooLong'],
]

/** `field` is a path: `spec.template.metadata.labels`. */
export function invalid(resource: Resource, name: string, field: string, problem: string): KubeFailure {
  const [, reason = 'FieldValueInvalid'] = CAUSE_OF_PROBLEM.find(([pattern]) => pattern.test(problem)) ?? []
  return invalidObject(resource, name, [{ field, message: problem, reason }])
}

export function invalidObject(
  { group, kind }: Pick<Resource, 'group' | 'kind'>,
  name: string,
  causes: NonNullable<FailureDetails['causes']>,
): KubeFailure {
  const texts = causes.map(({ field = '', message }) => `${field}: ${message}`)
  const [only = ''] = texts
  const problem = texts.length === 1 ? only : `[${texts.join(', ')}]`
  const subject = group === '' ? kind : `${kind}.${group}`
  return new KubeFailure('Invalid', `${subject} "${name}" is invalid: ${problem}`, {
    details: { ...(name === '' ? {} : { name }), kind, ...groupOf(group), causes },
  })
}

function qualified(resource: Resource): string {
  return resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`
}

function detailsOf({ group, plural }: Resource, name: string): { readonly details: FailureDetails } {
  return { details: { name, kind: plural, ...groupOf(group) } }
}

function groupOf(group: string): { readonly group?: string } {
  return group === '' ? {} : { group }
}
