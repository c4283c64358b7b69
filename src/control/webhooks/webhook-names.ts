/** Names that the objects of the mesh use for its webhooks. They are osm-edge's. */

/** Where the API server has pods reviewed that are to be created. */
export const POD_CREATION_PATH = '/mutate-pod-creation'
/** Where it has configurations of the mesh reviewed. */
export const VALIDATION_PATH = '/validate'
export const HEALTH_PATH = '/healthz'

export const INJECTOR_SERVICE = 'osm-injector'
export const INJECTOR_PORT = 9090
/** Of the entries in the webhook configurations; users read them in refusals. */
export const POD_CREATION_WEBHOOK = 'osm-inject.k8s.io'
export const VALIDATION_WEBHOOK = 'osm-validator.k8s.io'
