import { KubeFailure } from '../../kube/kube-failure.ts'
import type { Json } from '../../model/json.ts'

/** Go's JSON stops at 10000; no object of a kind that people define comes near this, and our stack holds it. */
const DEEPEST = 500

/** Throws `BadRequest` where a value is nested so deep that walking it by recursion would end our stack. */
export function checkNesting(value: Json): void {
  let level: readonly Json[] = [value]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) throw new KubeFailure('BadRequest', 'json: exceeded max depth')
    level = level.flatMap(each => (typeof each === 'object' && each !== null ? Object.values(each) : []))
  }
}
