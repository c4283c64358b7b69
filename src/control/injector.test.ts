import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { KubeClient } from '../kube/client.ts'
import { NAMESPACES } from '../kube/resources.ts'
import { createLocalKubernetes } from '../local/kubernetes.ts'
import { SILENT } from '../local/testing/silent-logger.ts'
import type { AdmissionRequest } from '../local/webhooks/admission-request.ts'
import { createWebhookAdmission, type WebhookAdmission } from '../local/webhooks/webhook-admission.ts'
import { injectSidecar } from '../mesh/inject/inject-sidecar.ts'
import { INJECT_PATH, INJECTOR, VALIDATE_PATH, WEBHOOK_PORT } from '../mesh/install/component-names.ts'
import { namespaceObject, podObject } from '../mesh/testing/kube-objects.ts'
import { SIDECAR_INJECTION_ANNOTATION } from '../mesh/well-known-names.ts'
import type { JsonObject } from '../model/json.ts'
import type { Namespace } from '../model/kubernetes.ts'
import type { Pod } from '../model/kubernetes-pod.ts'
import { createAuthority, issueServerCertificate } from '../runtime/certificates/certificates.ts'
import { type Injector, startInjector } from './injector.ts'

const MESH = { meshName: 'osm', meshNamespace: 'osm-system' }
const SERVER_NAME = `${INJECTOR}.osm-system.svc`
const proxyUuid = '1b4e28ba-2fa1-4d3b-a3f5-ef19b5a7633b'
const controlPlaneUrl = 'http://127.0.0.1:7000'

let client: KubeClient
let injector: Injector
let admission: WebhookAdmission

beforeEach(async () => {
  client = createLocalKubernetes({ now: () => Date.now() * 1000 }).client
  await client.create(NAMESPACES, meshNamespace('shop', 'enabled'))
  const lasting = { now: new Date(), validDays: 1 }
  const authority = await createAuthority({ commonName: 'osm-ca', ...lasting })
  const server = await issueServerCertificate({
    authority,
    commonName: SERVER_NAME,
    dnsNames: [SERVER_NAME],
    ipAddresses: [],
    ...lasting,
  })
  injector = await startInjector({
    ...MESH,
    client,
    listen: { host: '127.0.0.1', port: 0 },
    tls: { key: server.keyPem, cert: server.certPem },
    controlPlaneUrl: () => controlPlaneUrl,
    newUuid: () => proxyUuid,
    logger: SILENT,
  })
  admission = admissionBy(Buffer.from(authority.certPem).toString('base64'))
})

afterEach(async () => {
  admission.close()
  await injector.close()
})

function admissionBy(caBundle: string): WebhookAdmission {
  const entry = (name: string, path: string, rule: JsonObject) => ({
    name,
    clientConfig: {
      service: { namespace: MESH.meshNamespace, name: INJECTOR, path, port: WEBHOOK_PORT },
      caBundle,
    },
    rules: [{ operations: ['CREATE', 'UPDATE'], apiVersions: ['*'], ...rule }],
    sideEffects: 'None',
    admissionReviewVersions: ['v1'],
  })
  const pods = entry('inject.example.com', INJECT_PATH, { apiGroups: [''], resources: ['pods'] })
  const configs = entry('validate.example.com', VALIDATE_PATH, {
    apiGroups: ['*'],
    resources: ['meshconfigs'],
  })
  return createWebhookAdmission({
    configurations: () => ({
      mutating: [{ metadata: { name: 'a' }, webhooks: [pods] }],
      validating: [{ metadata: { name: 'a' }, webhooks: [configs] }],
    }),
    resolveService: () => ({ host: '127.0.0.1', port: injector.port, serverName: SERVER_NAME }),
    namespaceLabels: () => ({}),
    newUid: () => 'u1',
    logger: SILENT,
  })
}

function meshNamespace(name: string, injection: string): Namespace {
  const { metadata, ...rest } = namespaceObject(name, 'osm')
  return { ...rest, metadata: { ...metadata, annotations: { [SIDECAR_INJECTION_ANNOTATION]: injection } } }
}

function creationOf(pod: Pod): AdmissionRequest {
  return {
    operation: 'CREATE',
    resource: { group: '', version: 'v1', resource: 'pods' },
    kind: { group: '', version: 'v1', kind: 'Pod' },
    name: pod.metadata.name,
    namespace: pod.metadata.namespace ?? '',
    object: JSON.parse(JSON.stringify(pod)),
    oldObject: null,
    dryRun: false,
    userInfo: { username: 'somebody' },
    options: null,
  }
}

const podIn = (namespace: string) => podObject({ namespace, name: 'cart', ports: [8080], sidecar: false })

describe('the injector', () => {
  it('gives pods the same sidecar as the rules of the mesh', async () => {
    const pod = podIn('shop')
    const namespace = await client.get(NAMESPACES, { name: 'shop' })
    const expected = injectSidecar(pod, { ...MESH, namespace, controlPlaneUrl, proxyUuid })
    expect(expected.spec.containers).toHaveLength(2)
    expect(await admission.mutate(creationOf(pod))).toEqual({
      status: 'admitted',
      object: expected,
      warnings: [],
    })
  })

  it('knows a namespace that was made a moment ago', async () => {
    await client.create(NAMESPACES, meshNamespace('new', 'enabled'))
    const outcome = await admission.mutate(creationOf(podIn('new')))
    expect(outcome).toMatchObject({ object: { spec: { containers: [{}, { name: 'sidecar' }] } } })
  })

  it('leaves other pods as they are', async () => {
    await client.create(NAMESPACES, namespaceObject('plain'))
    const request = creationOf(podIn('plain'))
    expect(await admission.mutate(request)).toMatchObject({ status: 'admitted', object: request.object })
  })

  it('refuses what the rules refuse', async () => {
    await client.create(NAMESPACES, meshNamespace('odd', 'maybe'))
    expect(await admission.mutate(creationOf(podIn('odd')))).toMatchObject({
      status: 'refused',
      failure: {
        reason: 'Forbidden',
        message: `admission webhook "inject.example.com" denied the request: Invalid annotation value for key "${SIDECAR_INJECTION_ANNOTATION}": maybe. Write "enabled" or "disabled" for ${SIDECAR_INJECTION_ANNOTATION}.`,
      },
    })
  })

  it('refuses a MeshConfig that the mesh could not use', async () => {
    const outcome = await admission.validate({
      ...creationOf(podIn('osm-system')),
      resource: { group: 'config.openservicemesh.io', version: 'v1alpha2', resource: 'meshconfigs' },
      kind: { group: 'config.openservicemesh.io', version: 'v1alpha2', kind: 'MeshConfig' },
      name: 'osm-mesh-config',
      object: { spec: { observability: { tracing: { port: 0 } } } },
    })
    const message = 'must be a whole number from 1 to 65535, without quotes, but is 0'
    expect(outcome).toMatchObject({
      status: 'refused',
      failure: {
        reason: 'Invalid',
        details: { kind: 'MeshConfig', causes: [{ field: 'spec.observability.tracing.port', message }] },
      },
    })
  })
})
