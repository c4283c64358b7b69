/** Labels, annotations, names and ports that users and their scripts know. They are osm-edge's, except `kiseki.dev/`. */

/** On a Namespace: the mesh that it belongs to. */
export const MONITORED_BY_LABEL = 'openservicemesh.io/monitored-by'
/** On a Namespace: no mesh may take it. */
export const IGNORE_LABEL = 'openservicemesh.io/ignore'
/** On a Pod or a Namespace: `enabled`, `yes`, `true` or `disabled`, `no`, `false`. */
export const SIDECAR_INJECTION_ANNOTATION = 'openservicemesh.io/sidecar-injection'
/** On a Namespace: `enabled` has Prometheus scrape the sidecars. */
export const METRICS_ANNOTATION = 'openservicemesh.io/metrics'
/** On a Pod that has a sidecar. */
export const PROXY_UUID_LABEL = 'osm-proxy-uuid'
/**
 * On a Pod that runs on one machine, where container ports are virtual: which socket an app really listens on,
 * `{"<container port>": {"address": "…", "port": 1}}`. Written by the runner.
 */
export const PORTS_ANNOTATION = 'kiseki.dev/ports'
/**
 * On a Pod that runs on one machine: what is run in the place of images that the machine does not know,
 * `{"<container or image>": {"command": ["…"], "env": {"NAME": "…"}, "workingDir": "…"}}`.
 */
export const IMAGE_COMMANDS_ANNOTATION = 'kiseki.dev/image-commands'

export const SIDECAR_CONTAINER = 'sidecar'
export const MESH_CONFIG_NAME = 'osm-mesh-config'
export const CLUSTER_DOMAIN = 'cluster.local'

export const SIDECAR_ADMIN_PORT = 15000
export const SIDECAR_INBOUND_PORT = 15003
export const SIDECAR_METRICS_PORT = 15010
