import { defaultMeshConfig } from '../../mesh-config/defaults.ts'
import { LOG_LEVELS, MOST_SECONDS } from '../../mesh-config/patterns.ts'
import { boolean, dictionary, type JsonSchema, list, object, port, text, whole } from './json-schema.ts'

const { sidecar } = defaultMeshConfig()
const TLS_VERSIONS = ['TLS_AUTO', 'TLSv1_0', 'TLSv1_1', 'TLSv1_2', 'TLSv1_3']

const driverSchema: JsonSchema = object(
  {
    sidecarName: text(),
    sidecarImage: text(),
    sidecarWindowsImage: text(),
    initContainerImage: text(),
    proxyServerPort: port(),
    sidecarDisabledMTLS: boolean(),
  },
  { required: ['sidecarName'] },
)

const quantities = dictionary({ 'x-kubernetes-int-or-string': true })

const resourcesSchema: JsonSchema = object({ limits: quantities, requests: quantities })

/** Beside `sidecarTimeout` and `logLevel` all is osm-edge's, accepted and not acted on. */
export const sidecarSchema: JsonSchema = object({
  sidecarTimeout: whole({
    description: 'Seconds without progress after which a connect, a request or a response is given up.',
    minimum: 1,
    maximum: MOST_SECONDS,
    default: sidecar.sidecarTimeout,
  }),
  logLevel: text({
    description: 'What sidecars log.',
    enum: LOG_LEVELS,
    default: sidecar.logLevel,
  }),
  enablePrivilegedInitContainer: boolean(),
  maxDataPlaneConnections: whole(),
  configResyncInterval: text(),
  sidecarClass: text({ enum: ['pipy', 'envoy'] }),
  sidecarImage: text(),
  sidecarWindowsImage: text(),
  initContainerImage: text(),
  sidecarDrivers: list(driverSchema),
  resources: resourcesSchema,
  tlsMinProtocolVersion: text({ enum: TLS_VERSIONS }),
  tlsMaxProtocolVersion: text({ enum: TLS_VERSIONS }),
  cipherSuites: list(text()),
  ecdhCurves: list(text()),
  localProxyMode: text({ enum: ['Localhost', 'PodIP'] }),
  localDNSProxy: object({
    enable: boolean(),
    primaryUpstreamDNSServerIPAddr: text(),
    secondaryUpstreamDNSServerIPAddr: text(),
  }),
})
