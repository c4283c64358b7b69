import type { Secret } from '../../../model/kubernetes.ts'

/** What kube-apiserver writes into a Secret that does not say it. */
export function withSecretDefaults(secret: Secret): Secret {
  return { ...secret, type: secret.type || 'Opaque' }
}
