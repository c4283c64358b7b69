import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../model/json.ts'
import type { KubeObject } from '../../model/kubernetes.ts'
import { builtInColumns } from './built-in-columns.ts'
import type { Column } from './column.ts'
import { customColumns } from './custom-columns.ts'
import { humanAge } from './human-age.ts'
import { parseJsonPath } from './json-path.ts'
import { tableOf } from './table.ts'

const NOW = Date.parse('2026-01-02T03:04:05Z') * 1000
const ago = (seconds: number): string =>
  new Date(NOW / 1000 - seconds * 1000).toISOString().replace('.000', '')

function named(name: string, parts: object = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'Thing', metadata: { name, creationTimestamp: ago(27 * 60) }, ...parts }
}

/** What kubectl prints of the table, with `-o wide` or without. */
function printed(
  columns: readonly Column[],
  objects: readonly KubeObject[],
  wide = false,
): readonly string[] {
  const shown = columns.map(({ priority = 0 }) => wide || priority === 0)
  const table = tableOf({ objects, columns, now: NOW, includeObject: 'Metadata' })
  const rows = (table['rows'] as readonly { readonly cells: readonly unknown[] }[]).map(row =>
    row.cells.map(cell => (cell === null ? '<none>' : String(cell))),
  )
  return [columns.map(({ name }) => name.toUpperCase()), ...rows].map(row =>
    row.filter((_, at) => shown[at]).join('   '),
  )
}

function row(group: string, kind: string, object: KubeObject, wide = false): string {
  return printed(builtInColumns(group, kind), [object], wide)[1] ?? ''
}

describe('an age', () => {
  it.each([
    [-5, '<invalid>'],
    [-1, '0s'],
    [0, '0s'],
    [119, '119s'],
    [120, '2m'],
    [125, '2m5s'],
    [27 * 60 + 5, '27m'],
    [179 * 60, '179m'],
    [(3 * 60 + 25) * 60, '3h25m'],
    [4 * 3600, '4h'],
    [47 * 3600, '47h'],
    [53 * 3600, '2d5h'],
    [5 * 86400, '5d'],
    [8 * 86400 + 3600, '8d'],
    [400 * 86400, '400d'],
    [(2 * 365 + 3) * 86400, '2y3d'],
    [9 * 365 * 86400, '9y'],
  ])('of %d s is %s', (seconds, text) => {
    expect(humanAge(seconds * 1000)).toBe(text)
  })
})

describe('tables', () => {
  it('have the form of meta.k8s.io/v1', () => {
    const table = tableOf({
      objects: [named('a')],
      columns: customColumns([]),
      now: NOW,
      includeObject: 'Metadata',
      resourceVersion: '7',
    })
    expect(table).toMatchObject({
      kind: 'Table',
      apiVersion: 'meta.k8s.io/v1',
      metadata: { resourceVersion: '7' },
      columnDefinitions: [
        { name: 'Name', type: 'string', format: 'name', priority: 0 },
        { name: 'Age', type: 'date', format: '', priority: 0 },
      ],
      rows: [
        {
          cells: ['a', '27m'],
          object: {
            kind: 'PartialObjectMetadata',
            apiVersion: 'meta.k8s.io/v1',
            metadata: { name: 'a', creationTimestamp: ago(27 * 60) },
          },
        },
      ],
    })
  })

  it('hold as much of the objects as was asked for', () => {
    const object = named('a', { spec: { b: 1 } })
    const options = { objects: [object], columns: [], now: NOW, withColumnDefinitions: false }
    expect(tableOf({ ...options, includeObject: 'Object' })['rows']).toEqual([{ cells: [], object }])
    expect(tableOf({ ...options, includeObject: 'None' })['rows']).toEqual([{ cells: [], object: null }])
    expect(tableOf({ ...options, includeObject: 'None' })['columnDefinitions']).toBeNull()
  })

  it('say which pods have ended', () => {
    const pod = { ...named('a', { status: { phase: 'Succeeded' } }), kind: 'Pod' }
    const table = tableOf({ objects: [pod], columns: [], now: NOW, includeObject: 'None' })
    expect(table['rows']).toMatchObject([
      { conditions: [{ type: 'Completed', status: 'True', reason: 'Succeeded' }] },
    ])
  })
})

describe('columns of the kinds that are built in', () => {
  const template = {
    spec: {
      containers: [
        { name: 'nginx', image: 'nginx:1.14.2' },
        { name: 'log', image: 'log:1' },
      ],
    },
  }
  const selector = {
    matchLabels: { tier: 'web', app: 'nginx' },
    matchExpressions: [
      { key: 'env', operator: 'In', values: ['b', 'a'] },
      { key: 'old', operator: 'DoesNotExist' },
    ],
  }

  it('of deployments are those of the documentation', () => {
    const deployment = named('nginx-deployment', {
      spec: { replicas: 3, selector: { matchLabels: { app: 'nginx' } }, template },
      status: { readyReplicas: 3, updatedReplicas: 3, availableReplicas: 3 },
    })
    const columns = builtInColumns('apps', 'Deployment')
    expect(printed(columns, [deployment])).toEqual([
      'NAME   READY   UP-TO-DATE   AVAILABLE   AGE',
      'nginx-deployment   3/3   3   3   27m',
    ])
    expect(printed(columns, [deployment], true)).toEqual([
      'NAME   READY   UP-TO-DATE   AVAILABLE   AGE   CONTAINERS   IMAGES   SELECTOR',
      'nginx-deployment   3/3   3   3   27m   nginx,log   nginx:1.14.2,log:1   app=nginx',
    ])
  })

  it.each<[string, string, object, string]>([
    [
      'apps',
      'Deployment',
      { spec: { template } },
      'a   0/1   0   0   27m   nginx,log   nginx:1.14.2,log:1   ',
    ],
    [
      'apps',
      'ReplicaSet',
      { spec: { replicas: 2, selector, template }, status: { replicas: 2, readyReplicas: 1 } },
      'a   2   2   1   27m   nginx,log   nginx:1.14.2,log:1   app=nginx,env in (a,b),!old,tier=web',
    ],
    [
      'apps',
      'StatefulSet',
      { spec: { replicas: 2, template }, status: { readyReplicas: 1 } },
      'a   1/2   27m   nginx,log   nginx:1.14.2,log:1',
    ],
    [
      'apps',
      'DaemonSet',
      {
        spec: { selector, template: { spec: { nodeSelector: { disk: 'ssd' } } } },
        status: { numberReady: 1 },
      },
      'a   0   0   1   0   0   disk=ssd   27m         app=nginx,env in (a,b),!old,tier=web',
    ],
    [
      'batch',
      'Job',
      {
        spec: { completions: 1, template },
        status: {
          succeeded: 1,
          startTime: ago(60),
          completionTime: ago(50),
          conditions: [{ type: 'Complete', status: 'True' }],
        },
      },
      'a   Complete   1/1   10s   27m   nginx,log   nginx:1.14.2,log:1   <none>',
    ],
    [
      'batch',
      'Job',
      { spec: { parallelism: 3 }, status: { startTime: ago(60) } },
      'a   Running   0/1 of 3   60s   27m         <none>',
    ],
    [
      'batch',
      'CronJob',
      {
        spec: { schedule: '*/1 * * * *', suspend: false, jobTemplate: { spec: { template } } },
        status: { lastScheduleTime: ago(50), active: [{}] },
      },
      'a   */1 * * * *   <none>   False   1   50s   27m   nginx,log   nginx:1.14.2,log:1   <none>',
    ],
    [
      '',
      'Service',
      {
        spec: {
          type: 'NodePort',
          clusterIP: '10.0.0.1',
          clusterIPs: ['10.0.0.1'],
          ports: [
            { port: 80, nodePort: 30080, protocol: 'TCP' },
            { port: 53, protocol: 'UDP' },
          ],
          selector: { app: 'shop' },
        },
      },
      'a   NodePort   10.0.0.1   <none>   80:30080/TCP,53/UDP   27m   app=shop',
    ],
    [
      '',
      'Service',
      { spec: { type: 'LoadBalancer', clusterIP: '10.0.0.1', ports: [{ port: 80 }] } },
      'a   LoadBalancer   10.0.0.1   <pending>   80/TCP   27m   <none>',
    ],
    [
      '',
      'Service',
      {
        spec: { type: 'LoadBalancer', clusterIP: '10.0.0.1' },
        status: { loadBalancer: { ingress: [{ hostname: 'b' }, { ip: '1.2.3.4' }] } },
      },
      'a   LoadBalancer   10.0.0.1   1.2.3.4,b   <none>   27m   <none>',
    ],
    [
      '',
      'Service',
      { spec: { type: 'ExternalName', externalName: 'db.test' } },
      'a   ExternalName   <none>   db.test   <none>   27m   <none>',
    ],
    ['', 'Service', { spec: { clusterIP: 'None' } }, 'a   ClusterIP   None   <none>   <none>   27m   <none>'],
    ['', 'Endpoints', {}, 'a   <none>   27m'],
    [
      '',
      'Endpoints',
      {
        subsets: [
          { addresses: [{ ip: '10.0.0.1' }, { ip: '::1' }], ports: [{ port: 80 }, { port: 443 }] },
          { addresses: [{ ip: '10.0.0.2' }] },
        ],
      },
      'a   10.0.0.1:80,[::1]:80,10.0.0.1:443 + 2 more...   27m',
    ],
    ['discovery.k8s.io', 'EndpointSlice', { addressType: 'IPv4' }, 'a   IPv4   <unset>   <unset>   27m'],
    [
      'discovery.k8s.io',
      'EndpointSlice',
      {
        addressType: 'IPv4',
        ports: [{ port: 80 }, { name: 'x' }, {}],
        endpoints: [{ addresses: ['10.0.0.1'] }],
      },
      'a   IPv4   80,x,*   10.0.0.1   27m',
    ],
    [
      'networking.k8s.io',
      'Ingress',
      { spec: { rules: ['a.test', 'b.test', 'c.test', ''].map(host => ({ host })), tls: [{}] } },
      'a   <none>   a.test,b.test,c.test + 1 more...      80, 443   27m',
    ],
    ['networking.k8s.io', 'NetworkPolicy', { spec: { podSelector: {} } }, 'a   <none>   27m'],
    ['', 'Namespace', { status: { phase: 'Active' } }, 'a   Active   27m'],
    ['', 'ConfigMap', { data: { a: '1' }, binaryData: { b: '' } }, 'a   2   27m'],
    ['', 'Secret', { type: 'kubernetes.io/tls', data: { a: '' } }, 'a   kubernetes.io/tls   1   27m'],
    ['', 'ServiceAccount', {}, 'a   0   27m'],
    ['coordination.k8s.io', 'Lease', { spec: { holderIdentity: 'me' } }, 'a   me   27m'],
    ['admissionregistration.k8s.io', 'MutatingWebhookConfiguration', { webhooks: [{}] }, 'a   1   27m'],
    [
      'rbac.authorization.k8s.io',
      'RoleBinding',
      {
        roleRef: { kind: 'Role', name: 'r' },
        subjects: [
          { kind: 'User', name: 'u' },
          { kind: 'ServiceAccount', namespace: 'n', name: 's' },
        ],
      },
      'a   Role/r   27m   u      n/s',
    ],
    ['rbac.authorization.k8s.io', 'Role', {}, `a   ${ago(27 * 60)}`],
    ['apiextensions.k8s.io', 'CustomResourceDefinition', {}, `a   ${ago(27 * 60)}`],
    [
      '',
      'Node',
      {
        spec: { unschedulable: true },
        status: {
          conditions: [{ type: 'Ready', status: 'True' }],
          addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
          nodeInfo: { kubeletVersion: 'v1.32.0' },
        },
      },
      'a   Ready,SchedulingDisabled   <none>   27m   v1.32.0   127.0.0.1   <none>   <unknown>   <unknown>   <unknown>',
    ],
    [
      '',
      'Event',
      {
        type: 'Warning',
        reason: 'BackOff',
        message: 'again\n',
        involvedObject: { kind: 'Pod', name: 'p', fieldPath: 'spec.containers{c}' },
        source: { component: 'kubelet', host: 'local' },
        count: 3,
        firstTimestamp: ago(600),
        lastTimestamp: ago(5),
      },
      '5s   Warning   BackOff   pod/p   spec.containers{c}   kubelet, local   again   10m   3   a',
    ],
  ])('%s/%s', (group, kind, parts, expected) => {
    expect(row(group, kind, named('a', parts), true)).toBe(expected)
  })

  it('fill cells of any object without a throw', () => {
    const kinds = [
      ['', 'Pod'],
      ['', 'Service'],
      ['apps', 'Deployment'],
      ['batch', 'Job'],
      ['', 'Event'],
      ['', 'Node'],
    ] as const
    const odd = fc.dictionary(
      fc.constantFrom('metadata', 'spec', 'status', 'subsets', 'source'),
      fc.object({
        key: fc.constantFrom('containers', 'conditions', 'state', 'ports', 'initContainerStatuses'),
      }),
    )
    fc.assert(
      fc.property(odd, fc.constantFrom(...kinds), (parts, [group, kind]) => {
        expect(row(group, kind, { ...named('a'), ...parts })).toBeTypeOf('string')
      }),
    )
  })
})

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

describe('columns of custom resources', () => {
  const object = named('w', {
    spec: { size: 3, share: 0.5, open: true, tags: ['a', 'b'], 'example.test/x': 'y', nothing: null },
    status: {
      conditions: [
        { type: 'Other', status: 'False' },
        { type: 'Ready', status: 'True', at: ago(60) },
      ],
    },
  })

  it.each<[string, string, unknown]>([
    ['integer', '.spec.size', 3],
    ['integer', '.spec.share', 0],
    ['integer', '.spec.open', null],
    ['number', '.spec.share', 0.5],
    ['boolean', '.spec.open', true],
    ['string', '.spec.size', '3'],
    ['string', '.spec.open', 'true'],
    ['string', '.spec.tags', '["a","b"]'],
    ['string', '.spec.tags[0]', 'a'],
    ['string', '.spec.tags[-1]', 'b'],
    ['string', '.spec.tags[5]', null],
    ['string', '.spec.tags[*]', 'a'],
    ['string', '.spec.missing.deep', null],
    ['string', '.spec.nothing', '<no value>'],
    ['string', '.spec.example\\.test/x', 'y'],
    ['string', ".spec['example.test/x']", 'y'],
    ['string', '.status.conditions[?(@.type=="Ready")].status', 'True'],
    ['string', ".status.conditions[?(@.type == 'Missing')].status", null],
    ['string', '.status.conditions[?(@.at)].type', 'Ready'],
    ['string', '..type', 'Other'],
    ['date', '.status.conditions[?(@.type=="Ready")].at', '60s'],
    ['date', '.spec.tags[0]', '<invalid>'],
    ['date', '.metadata.creationTimestamp', '27m'],
  ])('%s %s gives %j', (type, jsonPath, expected) => {
    const columns = customColumns([{ name: 'X', type, jsonPath }])
    const table = tableOf({ objects: [object], columns, now: NOW, includeObject: 'None' })
    expect(table['rows']).toEqual([{ cells: ['w', expected], object: null }])
  })

  it('come with what their definition says of them', () => {
    const size = { name: 'Size', type: 'integer', format: 'int32', jsonPath: '.spec.size', priority: 1 }
    const { columnDefinitions } = tableOf({
      objects: [],
      columns: customColumns([size, { name: 'Broken', type: 'string', jsonPath: '.a[' }]),
      now: NOW,
      includeObject: 'None',
    }) as { readonly columnDefinitions: readonly JsonObject[] }
    expect(columnDefinitions.slice(1)).toEqual([
      {
        name: 'Size',
        type: 'integer',
        format: 'int32',
        description: 'Custom resource definition column (in JSONPath format): .spec.size',
        priority: 1,
      },
    ])
  })

  it.each(['spec.a', '.a[', '.a[?(@.b', '.a[?(b==1)]', '.a..', '.a[x]'])('refuse the path %s', path => {
    expect(parseJsonPath(path)).toBeUndefined()
  })

  it('take __proto__ for a field like any other', () => {
    expect(parseJsonPath('.__proto__.toString')?.({})).toBeUndefined()
    expect(parseJsonPath('.constructor')?.({})).toBeUndefined()
  })
})
