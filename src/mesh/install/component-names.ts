/** Names and ports of the control plane. They are osm-edge's, where it has them. */

export const CONTROLLER = 'osm-controller'
export const INJECTOR = 'osm-injector'
/** HTTP: configurations for sidecars, `/v1/fleet`, `/health`, `/version`, `/metrics`. */
export const CONTROLLER_PORT = 9091
/** HTTPS: what the API asks before it creates a pod or changes a MeshConfig. */
export const WEBHOOK_PORT = 9090
/** HTTP: `/health`, `/version`, `/metrics` of the injector. */
export const INJECTOR_HEALTH_PORT = 9091
export const INJECT_PATH = '/mutate-pod-creation'
export const VALIDATE_PATH = '/validate'
/** The Secret with the authority that signs the certificate of the webhooks: `ca.crt`, `private.key`. */
export const CA_SECRET = 'osm-ca-bundle'

export function mutatingWebhookName(meshName: string): string {
  return `osm-webhook-${meshName}`
}

export function validatingWebhookName(meshName: string): string {
  return `osm-validator-mesh-${meshName}`
}
