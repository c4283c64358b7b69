import {
  checkAddress,
  checkBoolean,
  checkEndpoint,
  checkFraction,
  checkLogLevel,
  checkPort,
  checkQueryStrings,
  checkSeconds,
  checkSpanName,
} from '../mesh-config/checks.ts'
import { defaultMeshConfig } from '../mesh-config/defaults.ts'
import { checkHeaderTags } from '../mesh-config/header-tags.ts'
import type { Check, Checked } from '../mesh-config/section.ts'
import type { InstallValues, TracingValues } from './install-values.ts'

/** Puts what was written into the values, or says what the key takes. */
export type ValueKey = (values: InstallValues, written: unknown) => Checked<InstallValues>

const defaults = defaultMeshConfig().observability.tracing

const checkImage: Check<string> = value =>
  typeof value === 'string' && /^\S+$/.test(value) ? { value } : { problem: 'must be the name of an image' }

const checkImageOrNone: Check<string> = value => (value === '' ? { value } : checkImage(value))

/** What is acted on. */
export const VALUE_KEYS: ReadonlyMap<string, ValueKey> = new Map([
  ['osm.deployJaeger', key(checkBoolean, deployJaeger => ({ deployJaeger }))],
  ['osm.enableEgress', key(checkBoolean, enableEgress => ({ enableEgress }))],
  [
    'osm.enablePermissiveTrafficPolicy',
    key(checkBoolean, enablePermissiveTrafficPolicy => ({ enablePermissiveTrafficPolicy })),
  ],
  ['osm.osmController.image', key(checkImage, controllerImage => ({ controllerImage }))],
  ['osm.injector.image', key(checkImage, injectorImage => ({ injectorImage }))],
  ['osm.sidecarImage', key(checkImageOrNone, sidecarImage => ({ sidecarImage }))],
  ['osm.sidecarLogLevel', key(checkLogLevel, sidecarLogLevel => ({ sidecarLogLevel }))],
  ['osm.sidecarTimeout', key(checkSeconds, sidecarTimeout => ({ sidecarTimeout }))],
  ['osm.tracing.enable', tracingKey(checkBoolean, enable => ({ enable }))],
  ['osm.tracing.address', tracingKey(checkAddress, address => ({ address }))],
  ['osm.tracing.port', tracingKey(checkPort, port => ({ port }))],
  ['osm.tracing.endpoint', tracingKey(checkEndpoint(defaults.endpoint), endpoint => ({ endpoint }))],
  [
    'osm.tracing.sampledFraction',
    tracingKey(checkFraction(defaults.sampledFraction), sampledFraction => ({ sampledFraction })),
  ],
  ['osm.tracing.spanName', tracingKey(checkSpanName, spanName => ({ spanName }))],
  ['osm.tracing.responseHeaders', tracingKey(checkBoolean, responseHeaders => ({ responseHeaders }))],
  ['osm.tracing.headerTags', tracingKey(checkHeaderTags, headerTags => ({ headerTags }))],
  ['osm.tracing.queryStrings', tracingKey(checkQueryStrings, queryStrings => ({ queryStrings }))],
  ['osm.accessLog.enable', key(checkBoolean, enable => ({ accessLog: { enable } }))],
  ['osm.tracing.image', tracingKey(checkImage, image => ({ image }))],
])

function key<T>(check: Check<T>, change: (value: T) => Partial<InstallValues>): ValueKey {
  return (values, written) => {
    const checked = check(written)
    return 'problem' in checked ? checked : { value: { ...values, ...change(checked.value) } }
  }
}

function tracingKey<T>(check: Check<T>, change: (value: T) => Partial<TracingValues>): ValueKey {
  return (values, written) => {
    const checked = check(written)
    if ('problem' in checked) return checked
    return { value: { ...values, tracing: { ...values.tracing, ...change(checked.value) } } }
  }
}

/** Values of osm-edge's chart that mean nothing here: a script that sets them goes on working. */
export const UNUSED_KEYS: readonly string[] = [
  'contour',
  'fsm',
  'smi',
  ...[
    'caBundleSecretName',
    'certificateProvider',
    'certmanager',
    'clusterSet',
    'configResyncInterval',
    'controllerLogLevel',
    'controlPlaneTolerations',
    'curlImage',
    'deployGrafana',
    'deployPrometheus',
    'enableDebugServer',
    'enableFluentbit',
    'enablePrivilegedInitContainer',
    'enableReconciler',
    'enforceSingleMesh',
    'featureFlags',
    'fluentBit',
    'grafana',
    'http1PerRequestLoadBalancing',
    'http2PerRequestLoadBalancing',
    'image',
    'imagePullSecrets',
    'inboundPortExclusionList',
    'injector',
    'localDNSProxy',
    'localProxyMode',
    'maxDataPlaneConnections',
    'meshName',
    'networkInterfaceExclusionList',
    'osmBootstrap',
    'osmController',
    'osmInterceptor',
    'osmNamespace',
    'outboundIPRangeExclusionList',
    'outboundIPRangeInclusionList',
    'outboundPortExclusionList',
    'pluginChains',
    'prometheus',
    'remoteLogging',
    'repoServer',
    'sidecarClass',
    'sidecarDrivers',
    'tracing.affinity',
    'tracing.nodeSelector',
    'tracing.tolerations',
    'trafficInterceptionMode',
    'trustDomain',
    'validatorWebhook',
    'vault',
    'webhookConfigNamePrefix',
  ].map(name => `osm.${name}`),
]
