import { beforeEach, describe, expect, it } from 'vitest'
import type { KubeClient, MergePatch } from '../../../kube/client.ts'
import { unlessAbsent } from '../../../kube/kube-errors.ts'
import {
  DEPLOYMENTS,
  MUTATING_WEBHOOK_CONFIGURATIONS,
  NAMESPACES,
  PODS,
  SERVICES,
} from '../../../kube/resources.ts'
import type { KubeObject } from '../../../model/kubernetes.ts'
import type { ContainerState } from '../../../model/kubernetes-pod.ts'
import { captureOutput } from '../testing/captured-output.ts'
import { putMesh, testClient, testPods } from '../testing/test-cluster.ts'
import { type RunSpec, runService } from './run-objects.ts'
import { runProcess } from './run-process.ts'

const run: RunSpec = {
  name: 'hello',
  namespace: 'apps',
  port: 8080,
  command: ['/bin/app'],
  workingDir: '/',
  environment: {},
}
const PLACE = { name: 'hello', namespace: 'apps' }

let client: KubeClient

beforeEach(async () => {
  client = testClient()
  await putMesh(client)
  // No injector runs here.
  const { items } = await client.list(MUTATING_WEBHOOK_CONFIGURATIONS)
  for (const { metadata } of items)
    await client.remove(MUTATING_WEBHOOK_CONFIGURATIONS, { name: metadata.name })
})

/** Stands in for the machine that runs pods: says what became of the first pod that comes, until it is removed. */
async function become(state: ContainerState, ready = false): Promise<void> {
  const { resourceVersion } = await client.list(PODS, { namespace: 'apps' })
  const signal = AbortSignal.timeout(10_000)
  for await (const { type, object } of client.watch(PODS, { namespace: 'apps', resourceVersion, signal })) {
    const name = { ...PLACE, name: object.metadata.name }
    if (type === 'ADDED') await client.patch(PODS, name, statusOf(state, ready), { subresource: 'status' })
    if (object.metadata.deletionTimestamp === undefined) continue
    await client.remove(PODS, name, { gracePeriodSeconds: 0 })
    return
  }
}

function statusOf(state: ContainerState, ready: boolean): MergePatch {
  const container = { name: 'hello', image: 'x', ready, started: true, restartCount: 0, state }
  const conditions = [{ type: 'Ready', status: ready ? 'True' : 'False' }]
  return { status: { phase: 'Running', conditions, containerStatuses: [container] } }
}

function start(options: { readonly signal?: AbortSignal } = {}) {
  const output = captureOutput()
  const cluster = { client, pods: testPods({}) }
  const { signal = new AbortController().signal } = options
  const code = runProcess({ cluster, run, meshNamespace: 'osm-system', detach: false, output, signal })
  return { code, output }
}

async function left(): Promise<number> {
  const place = { namespace: 'apps' }
  const lists = await Promise.all([
    client.list(PODS, place),
    client.list(SERVICES, place),
    client.list(DEPLOYMENTS, place),
  ])
  return lists.flatMap<KubeObject>(({ items }) => items).length
}

describe('osm run', () => {
  it('ends with the exit code of the process, and removes all that it has made', async () => {
    const machine = become({ terminated: { exitCode: 3, reason: 'Error', finishedAt: '' } })
    const { code, output } = start()
    expect(await code).toBe(3)
    await machine
    expect(await left()).toBe(0)
    expect(output.noted()).toContain('namespace apps created, a part of mesh osm\n')
    expect(output.noted()).toContain('hello is removed from the mesh\n')
  })

  it('makes the Service when the process listens, and ends when it is asked to', async () => {
    const asked = new AbortController()
    const machine = become({ running: { startedAt: '' } }, true)
    const { code } = start({ signal: asked.signal })
    await expect
      .poll(() => unlessAbsent(client.get(SERVICES, PLACE)).then(found => found?.spec.selector))
      .toEqual({ app: 'hello' })
    asked.abort()
    expect(await code).toBe(0)
    await machine
    expect(await left()).toBe(0)
  })

  it('leaves nothing of what cannot be started', async () => {
    const machine = become({ waiting: { reason: 'CreateContainerConfigError', message: 'no such secret' } })
    await expect(start().code).rejects.toThrow('cannot start "/bin/app": no such secret')
    await machine
    expect(await left()).toBe(0)
  })

  it('takes nobody else his name', async () => {
    await client.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'apps' } })
    await client.create(SERVICES, runService(run))
    await expect(start().code).rejects.toThrow('there is a Service hello in namespace apps already')
    expect(await left()).toBe(1)
  })

  it('wants a mesh, and a namespace of it', async () => {
    await client.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'apps' } })
    await expect(start().code).rejects.toThrow('it would get no sidecar: apps does not belong to mesh osm')
    client = testClient()
    await expect(start().code).rejects.toThrow('no mesh is installed in the local cluster')
  })
})
