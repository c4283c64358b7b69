import { expect, it } from 'vitest'
import { NAMESPACES, PODS } from '../../../kube/resources.ts'
import { putPod, testClient } from '../testing/test-cluster.ts'
import { listPods, printLocal } from './list-local.ts'

const place = { stateDir: '/state', pid: 7, apiUrl: 'https://127.0.0.1:1', kubeconfig: '/state/kubeconfig' }

it('shows pods in the words of kubectl, with their processes and where their sidecar is', async () => {
  const client = testClient()
  const shop = await putPod(client, { name: 'shop', sidecar: true })
  const name = { name: 'shop', namespace: 'default' }
  await client.patch(PODS, name, {
    metadata: { annotations: { 'kiseki.dev/ports': '{"15003":{"address":"127.64.0.9","port":20000}}' } },
  })
  const state = { running: { startedAt: '' } }
  const waiting = { waiting: { reason: 'CrashLoopBackOff' } }
  const status = { name: 'app', image: 'x', started: true, restartCount: 0 }
  const containerStatuses = [
    { ...status, ready: true, state },
    { ...status, name: 'sidecar', ready: false, state: waiting },
  ]
  await client.patch(
    PODS,
    name,
    { status: { podIP: '127.64.0.9', containerStatuses } },
    { subresource: 'status' },
  )
  await client.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'apps' } })
  await putPod(client, { name: 'late', namespace: 'apps', phase: 'Pending' })
  const pods = await listPods(client, new Map([[`${shop.metadata.uid}/app`, 42]]))
  expect(pods).toEqual([
    { namespace: 'apps', pod: 'late', ready: 0, containers: 1, status: 'Pending', processes: {} },
    {
      namespace: 'default',
      pod: 'shop',
      ready: 1,
      containers: 2,
      status: 'CrashLoopBackOff',
      processes: { app: 42 },
      sidecar: 'http://127.64.0.9:20000',
    },
  ])
  expect(printLocal({ running: true, ...place, pods })).toBe(
    [
      'CLUSTER      runs, process 7',
      'API          https://127.0.0.1:1',
      'KUBECONFIG   /state/kubeconfig',
      '',
      'NAMESPACE   POD    READY   STATUS             PROCESSES   SIDECAR ENTRY',
      'apps        late   0/1     Pending            -           -',
      'default     shop   1/2     CrashLoopBackOff   42          http://127.64.0.9:20000',
      '',
    ].join('\n'),
  )
})

it('says what to type where nothing runs', () => {
  expect(printLocal({ running: false, stateDir: '/state' })).toContain('osm up')
  expect(printLocal({ running: true, ...place, pods: [] })).toContain('osm install')
})
