import { describe, expect, it } from 'vitest'
import type { KubeObject } from '../../model/kubernetes.ts'
import { builtInColumns } from './built-in-columns.ts'
import { ago, named, printed, row } from './table-world.contract.ts'

describe('the columns of pods', () => {
  const running = { ready: true, restartCount: 0, state: { running: {} } }
  const waiting = (reason: string): object => ({ restartCount: 0, state: { waiting: { reason } } })
  const ended = (exitCode: number, more: object = {}): object => ({
    restartCount: 0,
    state: { terminated: { exitCode, ...more } },
  })
  const spec = { containers: [{ name: 'c' }], nodeName: 'local' }
  const init = { ...spec, initContainers: [{ name: 'i' }, { name: 's', restartPolicy: 'Always' }] }

  it.each<[string, object, object, string]>([
    ['runs', spec, { phase: 'Running', containerStatuses: [running] }, 'p   1/1   Running   0   27m'],
    ['is new', spec, { phase: 'Pending' }, 'p   0/1   Pending   0   27m'],
    [
      'crashes',
      spec,
      {
        phase: 'Running',
        containerStatuses: [
          {
            ...waiting('CrashLoopBackOff'),
            restartCount: 4,
            lastState: { terminated: { exitCode: 1, finishedAt: ago(300) } },
          },
        ],
      },
      'p   0/1   CrashLoopBackOff   4 (5m ago)   27m',
    ],
    [
      'has no image',
      spec,
      { phase: 'Pending', containerStatuses: [waiting('ErrImagePull')] },
      'p   0/1   ErrImagePull   0   27m',
    ],
    [
      'is done',
      spec,
      { phase: 'Succeeded', containerStatuses: [ended(0, { reason: 'Completed' })] },
      'p   0/1   Completed   0   27m',
    ],
    [
      'is done in part',
      { containers: [{}, {}] },
      {
        phase: 'Running',
        containerStatuses: [ended(0, { reason: 'Completed' }), running],
        conditions: [{ type: 'Ready', status: 'True' }],
      },
      'p   1/2   Running   0   27m',
    ],
    [
      'is done in part, and not ready',
      { containers: [{}, {}] },
      { phase: 'Running', containerStatuses: [ended(0, { reason: 'Completed' }), running] },
      'p   1/2   NotReady   0   27m',
    ],
    [
      'was killed',
      spec,
      { phase: 'Failed', containerStatuses: [ended(137, { signal: 9 })] },
      'p   0/1   Signal:9   0   27m',
    ],
    ['failed', spec, { phase: 'Failed', containerStatuses: [ended(3)] }, 'p   0/1   ExitCode:3   0   27m'],
    ['was evicted', spec, { phase: 'Failed', reason: 'Evicted' }, 'p   0/1   Evicted   0   27m'],
    [
      'starts',
      init,
      { phase: 'Pending', initContainerStatuses: [{ name: 'i', state: { running: {} } }] },
      'p   0/2   Init:0/2   0   27m',
    ],
    [
      'cannot start',
      init,
      {
        phase: 'Pending',
        initContainerStatuses: [{ name: 'i', ...waiting('CrashLoopBackOff'), restartCount: 2 }],
      },
      'p   0/2   Init:CrashLoopBackOff   2   27m',
    ],
    [
      'failed to start',
      init,
      { phase: 'Pending', initContainerStatuses: [{ name: 'i', ...ended(1) }] },
      'p   0/2   Init:ExitCode:1   0   27m',
    ],
    [
      'runs beside a sidecar',
      init,
      {
        phase: 'Running',
        initContainerStatuses: [
          { name: 'i', ...ended(0), restartCount: 7 },
          { name: 's', ...running, started: true, restartCount: 1 },
        ],
        containerStatuses: [running],
      },
      'p   2/2   Running   1   27m',
    ],
    [
      'is gated',
      spec,
      {
        phase: 'Pending',
        conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }],
      },
      'p   0/1   SchedulingGated   0   27m',
    ],
  ])('tell of one that %s', (_, podSpec, status, expected) => {
    expect(row('', 'Pod', named('p', { spec: podSpec, status }))).toBe(expected)
  })

  it('tell of one that is being deleted', () => {
    const metadata = { name: 'p', creationTimestamp: ago(60), deletionTimestamp: ago(-30) }
    const pod = (status: object): KubeObject => named('p', { metadata, spec, status })
    expect(row('', 'Pod', pod({ phase: 'Running', containerStatuses: [running] }))).toBe(
      'p   1/1   Terminating   0   60s',
    )
    expect(row('', 'Pod', pod({ phase: 'Running', reason: 'NodeLost' }))).toBe('p   0/1   Unknown   0   60s')
    expect(row('', 'Pod', pod({ phase: 'Failed' }))).toBe('p   0/1   Failed   0   60s')
  })

  it('tell more when asked', () => {
    const status = {
      phase: 'Running',
      containerStatuses: [running],
      podIPs: [{ ip: '127.64.0.1' }],
      conditions: [{ type: 'example.test/open', status: 'True' }],
    }
    const gates = [{ conditionType: 'example.test/open' }, { conditionType: 'other' }]
    expect(
      printed(
        builtInColumns('', 'Pod'),
        [named('p', { spec: { ...spec, readinessGates: gates }, status })],
        true,
      ),
    ).toEqual([
      'NAME   READY   STATUS   RESTARTS   AGE   IP   NODE   NOMINATED NODE   READINESS GATES',
      'p   1/1   Running   0   27m   127.64.0.1   local   <none>   1/2',
    ])
  })
})
