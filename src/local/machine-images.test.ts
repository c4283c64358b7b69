import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { PODS } from '../kube/resources.ts'
import type { Pod } from '../model/kubernetes-pod.ts'
import {
  createPod,
  eventMessages,
  eventually,
  getPod,
  podOf,
  readAll,
  scratchFolder,
  shellContainer,
  testMachine,
} from './testing/test-machine.ts'

const namespace = 'default'
const annotated = (pod: Pod, commands: object): Pod => ({
  ...pod,
  metadata: { ...pod.metadata, annotations: { 'kiseki.dev/image-commands': JSON.stringify(commands) } },
})
const waiting = (pod: Pod) => pod.status?.containerStatuses?.[0]?.state.waiting?.reason

describe('the annotation for images', () => {
  it('says what is run in their place, by container or image', async () => {
    const machine = await testMachine()
    const folder = await scratchFolder()
    const command = ['/bin/sh', '-c', 'echo $COLOUR $(pwd) $0']
    const app = { name: 'app', image: 'example.test/shop:1', args: ['extra'] }
    const commands = { 'example.test/shop:1': { command, env: { COLOUR: 'red' }, workingDir: folder } }
    await createPod(machine, annotated(podOf([app], { restartPolicy: 'Never' }), commands))
    await eventually(async () => expect(await readAll(machine)).toEqual([`red ${folder} extra`]))
  })

  it('may come later: the pod waits as for an image that cannot be pulled', async () => {
    const machine = await testMachine({ backoff: { baseMillis: 50, mostMillis: 50 } })
    const pod = podOf([{ name: 'app', image: 'example.test/shop:1' }], { restartPolicy: 'Never' })
    await createPod(machine, pod)
    await eventually(async () => expect(waiting(await getPod(machine))).toBe('ErrImagePull'))
    await eventually(async () => expect(waiting(await getPod(machine))).toBe('ImagePullBackOff'))
    const told = await eventMessages(machine, 'Failed')
    expect(told.join()).toContain('in the annotation kiseki.dev/image-commands of its pod')
    expect(told).toContain('Error: ImagePullBackOff')
    const { metadata } = annotated(pod, { app: { command: ['/bin/echo', 'here'] } })
    await machine.client.patch(PODS, { namespace, name: 'p' }, { metadata })
    await eventually(async () => expect(await readAll(machine)).toEqual(['here']))
  })
})

describe('an init container', () => {
  it('that stays starts before the app, counts for readiness, and ends after it', async () => {
    const machine = await testMachine()
    const file = `${await scratchFolder()}/timeline`
    const staying = (name: string, ready = 'true') => ({
      ...shellContainer(
        `trap 'echo ${name} ends >> ${file}; exit 0' TERM; echo ${name} begins >> ${file}; touch ${name}; while :; do sleep 0.02; done`,
        { name },
      ),
      startupProbe: { exec: { command: ['test', '-e', name] }, periodSeconds: 1 },
      readinessProbe: { exec: { command: ['sh', '-c', ready] }, periodSeconds: 1 },
      restartPolicy: 'Always' as const,
    })
    const init = shellContainer(`echo init runs >> ${file}`, { name: 'init' })
    const app = staying('app')
    const initContainers = [staying('helper', 'test -e go'), init]
    const { restartPolicy: _, ...plain } = app
    await createPod(machine, podOf([plain], { initContainers }))
    await eventually(async () => expect(await readFile(file, 'utf8')).toContain('app begins'))
    const pod = await eventually(async () => {
      const found = await getPod(machine)
      expect(found.status?.containerStatuses?.[0]?.ready).toBe(true)
      return found
    })
    expect(pod.status?.phase).toBe('Running')
    expect(pod.status?.initContainerStatuses).toMatchObject([
      { name: 'helper', started: true, ready: false, state: { running: {} } },
      { name: 'init', state: { terminated: { exitCode: 0, reason: 'Completed' } } },
    ])
    const ready = (of: Pod) => of.status?.conditions?.find(({ type }) => type === 'Ready')?.status
    expect(ready(pod)).toBe('False')
    const go = await machine.execInContainer({ namespace, name: 'p' }, 'app', ['touch', 'go'], {
      stdin: false,
      tty: false,
    })
    await go.exited
    await eventually(async () => expect(ready(await getPod(machine))).toBe('True'))
    await machine.client.remove(PODS, { namespace, name: 'p' })
    await eventually(async () => expect((await machine.client.list(PODS)).items).toEqual([]))
    expect((await readFile(file, 'utf8')).trim().split('\n')).toEqual([
      'helper begins',
      'init runs',
      'app begins',
      'app ends',
      'helper ends',
    ])
  })
})
