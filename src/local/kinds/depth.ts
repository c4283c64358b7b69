import { KubeFailure } from '../../kube/kube-failure.ts'

/** Go's JSON stops at 10000; no object of a built-in kind comes near this, and our stack holds it. */
const DEEPEST = 500

/** Throws where an object is nested so deep that walking it would end our stack. */
export function checkDepth(depth: number): void {
  if (depth > DEEPEST) throw new KubeFailure('BadRequest', 'json: exceeded max depth')
}
