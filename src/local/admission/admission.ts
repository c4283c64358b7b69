import type { Resource } from '../../kube/resources.ts'
import type { KubeObject } from '../../model/kubernetes.ts'
import type { Admission } from '../store/object-store.ts'
import { sameResource } from '../store/resource-key.ts'

/** Completes or refuses objects of one kind. `previous` is absent at creation. */
export type Admit<T> = (object: T, previous?: T) => T

/** An admission that has nothing to say about other kinds. */
export function admitting<R extends KubeObject>(resource: Resource<R>, admit: Admit<R>): Admission {
  return <T extends KubeObject>(asked: Resource<T>, object: T, previous?: T): T => {
    if (!sameResource(asked, resource)) return object
    // The same resource has the same type of objects.
    const admitSame = admit as unknown as Admit<T>
    return previous === undefined ? admitSame(object) : admitSame(object, previous)
  }
}

/** One after the other. */
export function allOf(admissions: readonly Admission[]): Admission {
  return (resource, object, previous) =>
    admissions.reduce((admitted, admit) => admit(resource, admitted, previous), object)
}
