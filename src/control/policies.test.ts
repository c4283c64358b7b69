import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { KubeClient } from '../kube/client.ts'
import {
  CUSTOM_RESOURCE_DEFINITIONS,
  RETRIES,
  SERVICES,
  UPSTREAM_TRAFFIC_SETTINGS,
} from '../kube/resources.ts'
import { createLocalKubernetes } from '../local/kubernetes.ts'
import { defaultInstallValues } from '../mesh/install/install-values.ts'
import { renderPolicyDefinitions } from '../mesh/install/policy-definitions.ts'
import { serviceObject } from '../mesh/testing/kube-objects.ts'
import type { PolicyObject } from '../model/kubernetes.ts'
import type { ConfigListener } from './testing/config-listener.ts'
import { type ControlHarness, createControlHarness, until } from './testing/control-harness.ts'
import { MESH } from './testing/mesh-config-definition.ts'

const CLUSTER = 'shop/books|80'

let client: KubeClient
let mesh: ControlHarness
let sidecar: ConfigListener

beforeEach(async () => {
  client = createLocalKubernetes({ now: () => Date.now() * 1000 }).client
  mesh = await createControlHarness(client)
  for (const definition of renderPolicyDefinitions(defaultInstallValues(MESH)))
    await client.create(CUSTOM_RESOURCE_DEFINITIONS, definition)
  const service = serviceObject({
    namespace: 'shop',
    name: 'books',
    selector: { app: 'books' },
    ports: [{ port: 80 }],
  })
  await client.create(SERVICES, service)
  const pod = await mesh.createPod('buyer')
  await pod.setAddress('10.1.0.2')
  await mesh.createMeshConfig({ enable: false })
  await mesh.start()
  sidecar = await mesh.listen(pod.uid)
})
afterEach(() => mesh.close())

function policy(kind: string, spec: unknown): PolicyObject {
  const metadata = { name: 'books', namespace: 'shop' }
  return { apiVersion: 'policy.openservicemesh.io/v1alpha1', kind, metadata, spec }
}

const settingOf = (connectionSettings: unknown) =>
  policy('UpstreamTrafficSetting', { host: 'books', connectionSettings })

const place = { name: 'books', namespace: 'shop' }
const statusOf = async () => (await client.get(UPSTREAM_TRAFFIC_SETTINGS, place)).status
const settings = () => sidecar.configs.at(-1)?.outbound.clusters[CLUSTER]?.settings

describe('policies about failures', () => {
  it('reach running sidecars, and go with their objects', async () => {
    await until(() => sidecar.configs.length > 0)
    expect(settings()).toBeUndefined()
    await client.create(UPSTREAM_TRAFFIC_SETTINGS, settingOf({ tcp: { connectTimeout: '250ms' } }))
    await until(() => settings()?.connectMillis === 250)
    await until(async () => JSON.stringify(await statusOf()) === '{"currentStatus":"committed","reason":""}')
    const reference = { namespace: 'shop', name: 'books' }
    const retry = policy('Retry', {
      source: { ...reference, kind: 'ServiceAccount', name: 'buyer' },
      destinations: [{ ...reference, kind: 'Service' }],
      retryPolicy: {
        retryOn: '5xx',
        numRetries: 3,
        perTryTimeout: '1s',
        retryBackoffBaseInterval: '20ms',
      },
    })
    await client.create(RETRIES, retry)
    const expected = { on: ['5xx'], times: 3, perTryMillis: 1000, backoffMillis: 20 }
    await until(() => settings()?.retry !== undefined)
    expect(settings()).toEqual({ connectMillis: 250, retry: expected })
    await client.remove(UPSTREAM_TRAFFIC_SETTINGS, place)
    await client.remove(RETRIES, place)
    await until(() => settings() === undefined)
  })

  it('that are wrong are refused by the API, or say so in their status', async () => {
    await until(() => sidecar.configs.length > 0)
    const wrong = client.create(UPSTREAM_TRAFFIC_SETTINGS, settingOf({ tcp: { maxConnections: -1 } }))
    await expect(wrong).rejects.toThrow(/maxConnections/)
    await client.create(UPSTREAM_TRAFFIC_SETTINGS, settingOf({ tcp: { connectTimeout: 'soon' } }))
    await until(async () => JSON.stringify(await statusOf())?.includes('"error"') === true)
    expect(await statusOf()).toMatchObject({
      currentStatus: 'error',
      reason: expect.stringContaining('spec.connectionSettings.tcp.connectTimeout must be a duration'),
    })
    expect(settings()).toBeUndefined()
    expect(mesh.lines.join('')).toContain('a policy is not in force')
  })
})
