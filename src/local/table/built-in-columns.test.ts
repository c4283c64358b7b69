import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { builtInColumns } from './built-in-columns.ts'
import { ago, named, printed, row } from './table-world.contract.ts'

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
