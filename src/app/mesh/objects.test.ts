import { describe, expect, it } from 'vitest'
import { DEPLOYMENTS, PODS } from '../../kube/resources.ts'
import { createLocalKubernetes } from '../../local/kubernetes.ts'
import type { ContainerStatus } from '../../model/kubernetes-pod.ts'
import { deploymentsReady } from './objects.ts'

const namespace = 'default'
const LATE = AbortSignal.abort()

/** A Deployment and a pod of it, whose container is in this state. */
async function clientWith(name: string, status: Partial<ContainerStatus>) {
  const { client } = createLocalKubernetes({ now: () => 0 })
  const labels = { app: name }
  const spec = { containers: [{ name, image: 'test' }] }
  await client.create(DEPLOYMENTS, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
  })
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, labels }, spec }
  await client.create(PODS, pod)
  const containerStatuses = [{ name, image: 'test', ready: false, restartCount: 0, ...status }]
  await client.patch(PODS, { name, namespace }, { status: { containerStatuses } }, { subresource: 'status' })
  return client
}

const terminated = { exitCode: 3, reason: 'Error', startedAt: '', finishedAt: '' }

describe('Deployments that do not become ready', () => {
  it.each([
    [
      'an image that nobody knows',
      { state: { waiting: { reason: 'ErrImagePull', message: 'no command' } } },
      'ErrImagePull: no command',
    ],
    [
      'a container that crashes',
      { state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: { terminated } },
      'CrashLoopBackOff; it ended with exit code 3',
    ],
    [
      'a container that does not answer',
      { state: { running: { startedAt: '' } } },
      'it runs, but is not ready',
    ],
  ])('are named with the reason: %s', async (_, status, reason) => {
    const client = await clientWith('shop', status)
    await expect(deploymentsReady(client, LATE)).rejects.toMatchObject({
      code: 'KISEKI_TIMEOUT',
      message: `these Deployments did not become ready in time: default/shop\n  default/shop, container shop: ${reason}`,
    })
  })
})
