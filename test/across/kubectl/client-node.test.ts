import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { PassThrough } from 'node:stream'
import {
  AppsV1Api,
  CoordinationV1Api,
  CoreV1Api,
  Exec,
  KubeConfig,
  KubernetesObjectApi,
  Log,
  makeInformer,
  PatchStrategy,
  PortForward,
  setHeaderOptions,
  type V1ConfigMap,
  type V1Deployment,
  type V1Status,
} from '@kubernetes/client-node'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { NAMESPACES } from '../../../src/kube/resources.ts'
import { eventually } from './chapter.ts'
import { type ClusterUnderTest, openCluster } from './cluster.ts'

const namespace = 'default'
/** More than watchers may be behind. */
const FORGOTTEN_WRITES = 5001

let cluster: ClusterUnderTest
let config: KubeConfig
let core: CoreV1Api
let apps: AppsV1Api

beforeAll(async () => {
  cluster = await openCluster()
  config = new KubeConfig()
  config.loadFromFile(cluster.kubeconfig)
  core = config.makeApiClient(CoreV1Api)
  apps = config.makeApiClient(AppsV1Api)
})
afterAll(() => cluster?.close())

const configMap = (name: string, data: V1ConfigMap['data'] = {}): V1ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace },
  data,
})

const deployment = (name: string, image: string): V1Deployment => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace },
  spec: {
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: 'a', image, ports: [{ containerPort: 8080 }] }] },
    },
  },
})

async function readyPod(app: string): Promise<string> {
  let name = ''
  await eventually(`a ready pod of ${app}`, async () => {
    const { items } = await core.listNamespacedPod({ namespace, labelSelector: `app=${app}` })
    const ready = items.find(({ status }) =>
      status?.conditions?.some(({ type, status: holds }) => type === 'Ready' && holds === 'True'),
    )
    name = ready?.metadata?.name ?? ''
    return name !== ''
  })
  return name
}

describe('@kubernetes/client-node', () => {
  it('creates, replaces with versions, lists and removes', async () => {
    const created = await core.createNamespacedConfigMap({ namespace, body: configMap('plain', { a: '1' }) })
    expect(created.metadata?.creationTimestamp).toBeInstanceOf(Date)
    await core.replaceNamespacedConfigMap({
      namespace,
      name: 'plain',
      body: { ...created, data: { a: '2' } },
    })
    const stale = core.replaceNamespacedConfigMap({
      namespace,
      name: 'plain',
      body: { ...created, data: {} },
    })
    await expect(stale).rejects.toMatchObject({ code: 409 })
    const { items, metadata } = await core.listNamespacedConfigMap({
      namespace,
      fieldSelector: 'metadata.name=plain',
    })
    expect(items.map(({ data }) => data)).toEqual([{ a: '2' }])
    expect(Number(metadata?.resourceVersion)).toBeGreaterThan(0)
    await core.deleteNamespacedConfigMap({ namespace, name: 'plain' })
    await expect(core.readNamespacedConfigMap({ namespace, name: 'plain' })).rejects.toMatchObject({
      code: 404,
    })
  })

  it('patches in each way, and applies', async () => {
    await core.createNamespacedConfigMap({ namespace, body: configMap('patched', { a: '1' }) })
    const patch = (strategy: PatchStrategy, body: object, fieldManager?: string) =>
      core.patchNamespacedConfigMap(
        { namespace, name: 'patched', body, ...(fieldManager === undefined ? {} : { fieldManager }) },
        setHeaderOptions('Content-Type', strategy),
      )
    await patch(PatchStrategy.JsonPatch, [{ op: 'add', path: '/data/b', value: '2' }])
    await patch(PatchStrategy.MergePatch, { data: { c: '3' } })
    await patch(PatchStrategy.StrategicMergePatch, { data: { d: '4' } })
    const applied = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'patched' }, data: { e: '5' } }
    const { data, metadata } = await patch(PatchStrategy.ServerSideApply, applied, 'me')
    expect(data).toEqual({ a: '1', b: '2', c: '3', d: '4', e: '5' })
    expect(metadata?.managedFields?.map(({ manager }) => manager)).toContain('me')
    const conflict = patch(PatchStrategy.ServerSideApply, { ...applied, data: { e: '6' } }, 'you')
    await expect(conflict).rejects.toMatchObject({ code: 409 })
  })

  it('finds kinds by itself', async () => {
    const objects = KubernetesObjectApi.makeApiClient(config)
    await objects.create(configMap('found', { a: '1' }))
    const read = await objects.read<V1ConfigMap>({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'found', namespace },
    })
    expect(read.data).toEqual({ a: '1' })
  })

  it('keeps an informer going that missed events: it lists again', async () => {
    const { store } = cluster.cluster.machine
    for (let write = 0; write < FORGOTTEN_WRITES; write++)
      store.patch(NAMESPACES, { name: namespace }, { metadata: { annotations: { write: String(write) } } })
    let lists = 0
    const informer = makeInformer<V1ConfigMap>(
      config,
      `/api/v1/namespaces/${namespace}/configmaps`,
      async () => {
        lists++
        const list = await core.listNamespacedConfigMap({ namespace })
        // As one that went on from what it knew before it lost its connection.
        return lists === 1 ? { ...list, metadata: { ...list.metadata, resourceVersion: '2' } } : list
      },
    )
    const events: string[] = []
    for (const verb of ['add', 'update', 'delete'] as const)
      informer.on(verb, ({ metadata }) => events.push(`${verb} ${metadata?.name}`))
    informer.on('error', error => events.push(`error ${error}`))
    onTestFinished(() => informer.stop())
    await informer.start()
    await eventually('it lists again', async () => lists > 1)
    await core.createNamespacedConfigMap({ namespace, body: configMap('watched') })
    await eventually('it tells what comes', async () => events.includes('add watched'))
    await core.deleteNamespacedConfigMap({ namespace, name: 'watched' })
    await eventually('it tells what goes', async () => events.includes('delete watched'))
    expect(informer.get('watched', namespace)).toBeUndefined()
  })

  it('hands a Lease over', async () => {
    const leases = config.makeApiClient(CoordinationV1Api)
    const lease = {
      metadata: { name: 'leader', namespace },
      spec: { holderIdentity: 'one', leaseDurationSeconds: 15 },
    }
    const held = await leases.createNamespacedLease({ namespace, body: lease })
    const take = (holderIdentity: string) =>
      leases.replaceNamespacedLease({
        namespace,
        name: 'leader',
        body: { ...held, spec: { ...held.spec, holderIdentity } },
      })
    const outcomes = await Promise.allSettled([take('two'), take('three')])
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  it('runs commands, reads logs and forwards ports', async () => {
    await apps.createNamespacedDeployment({ namespace, body: deployment('web', 'greeter:1') })
    const pod = await readyPod('web')

    const out = new PassThrough()
    const printed = out.toArray()
    const status = await new Promise<V1Status>((resolve, reject) => {
      new Exec(config)
        .exec(namespace, pod, 'a', ['sh', '-c', 'echo hi; exit 3'], out, null, null, false, resolve)
        .catch(reject)
    })
    out.end()
    expect(Buffer.concat(await printed).toString()).toBe('hi\n')
    expect(status).toMatchObject({ status: 'Failure', details: { causes: [{ message: '3' }] } })

    await eventually('its log', async () => {
      const log = new PassThrough()
      await new Log(config).log(namespace, pod, 'a', log, { tailLines: 1 })
      return Buffer.concat(await log.toArray()).toString() === 'greeter:1 listens\n'
    })

    const forward = new PortForward(config)
    const server = createServer(socket => {
      void forward.portForward(namespace, pod, [8080], socket, null, socket)
    })
    server.listen(0, '127.0.0.1')
    onTestFinished(() => void server.close())
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const answer = await fetch(`http://127.0.0.1:${port}/forwarded`, { headers: { connection: 'close' } })
    expect(await answer.json()).toMatchObject({ url: '/forwarded' })
  })
})
