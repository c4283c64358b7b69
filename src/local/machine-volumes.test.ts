import { describe, expect, it } from 'vitest'
import { CONFIG_MAPS, PODS, SECRETS } from '../kube/resources.ts'
import type { Volume } from '../model/kubernetes-pod.ts'
import {
  createPod,
  eventMessages,
  eventually,
  getPod,
  podOf,
  readAll,
  shellContainer,
  testMachine,
} from './testing/test-machine.ts'

const namespace = 'default'
const object = (kind: string, name: string, data: Record<string, string>) => ({
  apiVersion: 'v1',
  kind,
  metadata: { name, namespace },
  data,
})
const configMap = (name: string, data: Record<string, string>) => object('ConfigMap', name, data)
const waiting = async () => (await getPod(machineOf)).status?.containerStatuses?.[0]?.state.waiting
let machineOf: Awaited<ReturnType<typeof testMachine>>

describe('the volumes of a pod', () => {
  it('are files where the manifest mounts them', async () => {
    const machine = await testMachine()
    await machine.client.create(CONFIG_MAPS, configMap('settings', { 'app.yaml': 'colour: red' }))
    await machine.client.create(SECRETS, object('Secret', 'keys', { key: 'czNjcmV0' }))
    const volumes: readonly Volume[] = [
      { name: 'settings', configMap: { name: 'settings', items: [{ key: 'app.yaml', path: 'a/b.yaml' }] } },
      {
        name: 'all',
        projected: {
          sources: [
            { secret: { name: 'keys' } },
            { downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] } },
          ],
        },
      },
      { name: 'work', emptyDir: {} },
      { name: 'one', configMap: { name: 'settings' } },
    ]
    const script =
      'cat /etc/app/a/b.yaml; echo; cat /all/key; echo; cat "$LABELS"; echo; cat /one.yaml; echo; touch /work/x; ls $POD_ROOT/work'
    const volumeMounts = [
      { name: 'settings', mountPath: '/etc/app' },
      { name: 'all', mountPath: '/all' },
      { name: 'work', mountPath: '/work', subPath: 'part' },
      { name: 'one', mountPath: '/one.yaml', subPath: 'app.yaml' },
    ]
    const env = [{ name: 'LABELS', value: '/all/labels' }]
    await createPod(
      machine,
      podOf([shellContainer(script, { volumeMounts, env })], { volumes, restartPolicy: 'Never' }),
    )
    await eventually(async () => expect((await getPod(machine)).status?.phase).toBe('Succeeded'))
    expect(await readAll(machine)).toEqual(['colour: red', 's3cret', 'app="p"', 'colour: red', 'x'])
  })

  it('are waited for, and the pod says for what', async () => {
    const machine = await testMachine()
    machineOf = machine
    const volumes = [{ name: 'v', configMap: { name: 'late' } }]
    const container = shellContainer('cat /v/k; echo', { volumeMounts: [{ name: 'v', mountPath: '/v' }] })
    await createPod(machine, podOf([container], { volumes, restartPolicy: 'Never' }))
    await eventually(async () =>
      expect(await eventMessages(machine, 'FailedMount')).toEqual([
        'MountVolume.SetUp failed for volume "v" : configmap "late" not found',
      ]),
    )
    expect(await waiting()).toEqual({ reason: 'ContainerCreating' })
    await machine.client.create(CONFIG_MAPS, configMap('late', { k: 'here' }))
    await eventually(async () => expect(await readAll(machine)).toEqual(['here']))
  })

  it('follow their ConfigMap, Secret and labels while the pod runs', async () => {
    const machine = await testMachine()
    await machine.client.create(CONFIG_MAPS, configMap('settings', { k: 'one' }))
    const items = [{ path: 'app', fieldRef: { fieldPath: "metadata.labels['app']" } }]
    const volumes = [
      {
        name: 'v',
        projected: { sources: [{ configMap: { name: 'settings' } }, { downwardAPI: { items } }] },
      },
    ]
    const script = 'while :; do echo "$(cat /v/k) $(cat /v/app)"; sleep 0.05; done'
    const container = shellContainer(script, { volumeMounts: [{ name: 'v', mountPath: '/v' }] })
    await createPod(machine, podOf([container], { volumes }))
    await eventually(async () => expect(await readAll(machine)).toContain('one p'))
    await machine.client.patch(CONFIG_MAPS, { namespace, name: 'settings' }, { data: { k: 'two' } })
    await eventually(async () => expect(await readAll(machine)).toContain('two p'))
    await machine.client.patch(PODS, { namespace, name: 'p' }, { metadata: { labels: { app: 'q' } } })
    await eventually(async () => expect(await readAll(machine)).toContain('two q'))
    const seen = new Set(await readAll(machine))
    expect([...seen]).toEqual(['one p', 'two p', 'two q'])
  })

  it('of other kinds are said to be unsupported', async () => {
    const machine = await testMachine()
    // The type names what is supported.
    const volumes = [{ name: 'v', persistentVolumeClaim: { claimName: 'c' } } as Volume]
    await createPod(machine, podOf([shellContainer('sleep 60')], { volumes }))
    await eventually(async () =>
      expect(await eventMessages(machine, 'FailedMount')).toEqual([
        'MountVolume.SetUp failed for volume "v" : persistentVolumeClaim is not supported on one machine',
      ]),
    )
  })
})

describe('a variable of a ConfigMap that does not exist', () => {
  it('holds the container until it does', async () => {
    const machine = await testMachine()
    machineOf = machine
    const container = shellContainer('echo $COLOUR', { envFrom: [{ configMapRef: { name: 'late' } }] })
    await createPod(machine, podOf([container], { restartPolicy: 'Never' }))
    await eventually(async () =>
      expect(await waiting()).toEqual({
        reason: 'CreateContainerConfigError',
        message: 'configmap "late" not found',
      }),
    )
    expect(await eventMessages(machine, 'Failed')).toEqual(['Error: configmap "late" not found'])
    await machine.client.create(CONFIG_MAPS, configMap('late', { COLOUR: 'red' }))
    await eventually(async () => expect(await readAll(machine)).toEqual(['red']))
  })
})
