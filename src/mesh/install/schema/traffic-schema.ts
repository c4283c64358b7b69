import { defaultMeshConfig } from '../../mesh-config/defaults.ts'
import { boolean, type JsonSchema, list, object, port, text } from './json-schema.ts'

const { traffic } = defaultMeshConfig()

/** Beside the first two all is osm-edge's, accepted and not acted on. */
export const trafficSchema: JsonSchema = object({
  enableEgress: boolean({
    description: 'Whether requests to hosts that the mesh does not know are passed on.',
    default: traffic.enableEgress,
  }),
  enablePermissiveTrafficPolicyMode: boolean({
    description: 'Whether every workload of the mesh may reach every other.',
    default: traffic.enablePermissiveTrafficPolicyMode,
  }),
  interceptionMode: text({ enum: ['iptables', 'ebpf', 'none'] }),
  http1PerRequestLoadBalancing: boolean(),
  http2PerRequestLoadBalancing: boolean(),
  outboundIPRangeExclusionList: list(text()),
  outboundIPRangeInclusionList: list(text()),
  outboundPortExclusionList: list(port()),
  inboundPortExclusionList: list(port()),
  networkInterfaceExclusionList: list(text()),
  inboundExternalAuthorization: object({
    enable: boolean(),
    address: text(),
    port: port(),
    statPrefix: text(),
    timeout: text(),
    failureModeAllow: boolean(),
  }),
})
