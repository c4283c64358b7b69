import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { KubeClient } from '../../../kube/client.ts'
import { resourceOf } from '../../../kube/resource-registry.ts'
import { DEPLOYMENTS, EVENTS, MESH_CONFIGS, NAMESPACES, PODS } from '../../../kube/resources.ts'
import { defaultInstallValues } from '../../../mesh/install/install-values.ts'
import { KisekiError } from '../../../model/errors.ts'
import type { KubeObject } from '../../../model/kubernetes.ts'
import { captureOutput } from '../testing/captured-output.ts'
import { makeDeploymentsReady, putMesh, testClient } from '../testing/test-cluster.ts'
import { type InstallOptions, installMesh } from './install-mesh.ts'

const identity = { meshName: 'osm', meshNamespace: 'osm-system', version: '1.2.3' }
const values = defaultInstallValues(identity)
const NEVER = new AbortController().signal

let client: KubeClient
let ended: AbortController
let helper: Promise<void>

beforeEach(() => {
  client = testClient()
  ended = new AbortController()
  helper = Promise.resolve()
})

afterEach(async () => {
  ended.abort()
  await helper
})

function install(options: Partial<InstallOptions> = {}) {
  const output = captureOutput()
  const done = installMesh({
    client,
    values,
    output,
    signal: NEVER,
    timeoutMillis: 10_000,
    atomic: false,
    ...options,
  })
  return { done, output }
}

const namesOf = async (kind: { apiVersion: string; kind: string }) =>
  (await client.list(resourceOf(kind))).items.map(({ metadata }: KubeObject) => metadata.name)

describe('osm install', () => {
  it('creates the mesh, says what it waits for, and ends when all is ready', async () => {
    helper = makeDeploymentsReady(client, ended.signal)
    const { done, output } = install({ values: { ...values, deployJaeger: true } })
    await done
    expect(output.written()).toBe(
      'OSM installed successfully in namespace [osm-system] with mesh name [osm]\n',
    )
    for (const name of ['jaeger', 'osm-controller', 'osm-injector']) {
      expect(output.noted()).toContain(`${name} is being deployed ...\n`)
      expect(output.noted()).toContain(`${name} is ready\n`)
    }
    const config = await client.get(MESH_CONFIGS, { name: 'osm-mesh-config', namespace: 'osm-system' })
    expect(config.spec).toMatchObject({
      observability: { tracing: { enable: false, address: 'jaeger.osm-system.svc.cluster.local' } },
    })
  })

  it('waits for a kind that the API does not know at once', async () => {
    helper = makeDeploymentsReady(client, ended.signal)
    let asked = 0
    const slow: KubeClient = {
      ...client,
      create(resource, object) {
        if (object.kind === 'MeshConfig' && asked++ < 2)
          throw new KisekiError('KISEKI_NOT_FOUND', 'the server could not find the requested resource')
        return client.create(resource, object)
      },
    }
    const { done, output } = install({ client: slow })
    await done
    expect(output.written()).toContain('successfully')
    expect(asked).toBe(3)
  })

  it('refuses a second mesh in the words of osm-edge, and changes nothing', async () => {
    await putMesh(client)
    const { done } = install({ values: defaultInstallValues({ ...identity, meshName: 'two' }) })
    await expect(done).rejects.toMatchObject({
      code: 'KISEKI_ALREADY_EXISTS',
      message:
        'Mesh(es) namespace: osm-system, name: osm already enforce it is the only mesh in the cluster, cannot install new meshes\n' +
        'Namespace osm-system already contains meshes [osm]',
    })
    expect(await namesOf({ apiVersion: 'v1', kind: 'ServiceAccount' })).toEqual(['osm'])
  })

  it('refuses to be the only mesh beside another one', async () => {
    await putMesh(client, { single: false, namespace: 'other', name: 'first' })
    const { done } = install()
    await expect(done).rejects.toThrow(
      'Mesh(es) namespace: other, name: first already exist so a new mesh enforcing it is the only one cannot be installed',
    )
  })

  it('goes beside another one where both allow it, but not with its name', async () => {
    await putMesh(client, { single: false, namespace: 'other', name: 'first' })
    helper = makeDeploymentsReady(client, ended.signal)
    await install({ values: defaultInstallValues({ ...identity, enforceSingleMesh: false }) }).done
    const again = { meshName: 'first', meshNamespace: 'third', enforceSingleMesh: false }
    await expect(install({ values: defaultInstallValues(again) }).done).rejects.toThrow(
      'Mesh first already exists in namespace other',
    )
  })

  it('says which component is not ready and why, when time is up', async () => {
    const namespace = 'osm-system'
    await client.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } })
    await client.create(PODS, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'osm-injector-1', namespace, labels: { app: 'osm-injector' } },
      spec: { containers: [{ name: 'osm-injector', image: 'x' }] },
    })
    const containerStatuses = [
      {
        name: 'osm-injector',
        image: 'x',
        ready: false,
        restartCount: 0,
        state: { waiting: { reason: 'ErrImagePull' } },
      },
    ]
    const status = { containerStatuses }
    await client.patch(PODS, { name: 'osm-injector-1', namespace }, { status }, { subresource: 'status' })
    await client.create(EVENTS, {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'e1', namespace },
      type: 'Warning',
      reason: 'Failed',
      message: 'no such image',
      involvedObject: { kind: 'Pod', namespace, name: 'osm-injector-1' },
      count: 1,
      firstTimestamp: '2026-01-01T00:00:00Z',
      lastTimestamp: '2026-01-01T00:00:00Z',
    })
    const { done, output } = install({ timeoutMillis: 400 })
    const failure = await done.catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'KISEKI_TIMEOUT' })
    expect(String(failure)).toContain('the mesh did not become ready within 0.4 s')
    expect(String(failure)).toContain('osm-system/osm-injector, container osm-injector: ErrImagePull')
    expect(String(failure)).toContain('osm-system/osm-injector, event: Failed: no such image')
    expect(String(failure)).toContain('osm-system/osm-controller: it has no pod')
    expect(output.noted()).toContain('osm-injector is not ready yet: ')
    expect(output.written()).toBe('')
    expect(await namesOf({ apiVersion: 'apps/v1', kind: 'Deployment' })).toHaveLength(2)
  })

  it('leaves nothing behind with --atomic, but what was there before', async () => {
    await client.create(NAMESPACES, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'osm-system', labels: { mine: 'yes' } },
    })
    const { done, output } = install({ timeoutMillis: 300, atomic: true })
    await expect(done).rejects.toThrow('did not become ready')
    expect(output.noted()).toContain('rolling back')
    expect((await client.list(DEPLOYMENTS)).items).toEqual([])
    expect((await client.list(MESH_CONFIGS)).items).toEqual([])
    expect(await namesOf({ apiVersion: 'v1', kind: 'Namespace' })).toContain('osm-system')
  })

  it('waits until a namespace of that name is gone', async () => {
    helper = makeDeploymentsReady(client, ended.signal)
    const metadata = { name: 'osm-system', finalizers: ['test/held'] }
    await client.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata })
    await client.remove(NAMESPACES, { name: 'osm-system' })
    const { done, output } = install()
    await expect.poll(() => output.noted()).toContain('namespace osm-system is still being removed ...\n')
    await client.patch(NAMESPACES, { name: 'osm-system' }, { metadata: { finalizers: null } })
    await done
    expect(output.written()).toContain('successfully')
  })

  it('ends when it is asked to, and says so', async () => {
    const asked = new AbortController()
    const { done } = install({ signal: asked.signal })
    setImmediate(() => asked.abort())
    await expect(done).rejects.toThrow('the installation was interrupted')
  })

  it('names the component that the API refuses', async () => {
    const refusing: KubeClient = {
      ...client,
      create(resource, object) {
        if (object.kind === 'ClusterRole') throw new KisekiError('KISEKI_FORBIDDEN', 'not for you')
        return client.create(resource, object)
      },
    }
    await expect(install({ client: refusing }).done).rejects.toMatchObject({
      code: 'KISEKI_FORBIDDEN',
      message: 'access could not be created: not for you',
    })
  })
})
