import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { KubeFailure } from '../../kube/kube-failure.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import { strategicMerge } from './strategic-merge.ts'

function deployment(podSpec: JsonObject, spec: JsonObject = {}): JsonObject {
  return { apiVersion: 'apps/v1', kind: 'Deployment', spec: { ...spec, template: { spec: podSpec } } }
}

const patched = (podSpec: JsonObject, patch: JsonObject): JsonObject =>
  podSpecOf(strategicMerge(deployment(podSpec), { spec: { template: { spec: patch } } }))

function podSpecOf(object: JsonObject): JsonObject {
  const { spec } = object as { spec: { template: { spec: JsonObject } } }
  return spec.template.spec
}

const service = (spec: JsonObject): JsonObject => ({ apiVersion: 'v1', kind: 'Service', spec })

function failureOf(act: () => unknown): KubeFailure {
  try {
    act()
  } catch (error) {
    if (error instanceof KubeFailure) return error
  }
  throw new Error('did not fail')
}

/** kubernetes.io/docs/tasks/manage-kubernetes-objects/update-api-object-kubectl-patch */
describe('a strategic merge patch, as the documentation shows it', () => {
  it('adds a container before the one that is there', () => {
    const result = patched(
      { containers: [{ name: 'patch-demo-ctr', image: 'nginx' }], tolerations: [{ key: 'dedicated' }] },
      { containers: [{ name: 'patch-demo-ctr-2', image: 'redis' }] },
    )
    expect(result['containers']).toEqual([
      { name: 'patch-demo-ctr-2', image: 'redis' },
      { name: 'patch-demo-ctr', image: 'nginx' },
    ])
  })

  it('replaces tolerations, which have no merge key', () => {
    const before = { tolerations: [{ effect: 'NoSchedule', key: 'dedicated', value: 'test-team' }] }
    const tolerations = [{ effect: 'NoSchedule', key: 'disktype', value: 'ssd' }]
    expect(patched(before, { tolerations })).toEqual({ tolerations })
  })

  it('keeps only the members that $retainKeys names', () => {
    const before = { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } }, replicas: 1 }
    const strategy = { $retainKeys: ['type'], type: 'Recreate' }
    const result = strategicMerge(deployment({}, before), { spec: { strategy } })
    expect(result['spec']).toEqual({ template: { spec: {} }, strategy: { type: 'Recreate' }, replicas: 1 })
  })
})

describe('a strategic merge patch', () => {
  it('changes what it names in an item and leaves the rest', () => {
    const containers = [
      { name: 'a', image: 'a:1', env: [{ name: 'X', value: '1' }] },
      { name: 'b', image: 'b:1' },
    ]
    const patch = { containers: [{ name: 'a', image: 'a:2', env: [{ name: 'Y', value: '2' }] }] }
    expect(patched({ containers }, patch)['containers']).toEqual([
      {
        name: 'a',
        image: 'a:2',
        env: [
          { name: 'Y', value: '2' },
          { name: 'X', value: '1' },
        ],
      },
      { name: 'b', image: 'b:1' },
    ])
  })

  it('deletes by null, and stores no null where nothing was', () => {
    const result = patched(
      { nodeName: 'n', containers: [{ name: 'a', image: 'i', command: ['x'] }] },
      {
        nodeName: null,
        priority: null,
        securityContext: { runAsUser: null, fsGroup: 1 },
        containers: [{ name: 'a', command: null }],
      },
    )
    expect(result).toEqual({ securityContext: { fsGroup: 1 }, containers: [{ name: 'a', image: 'i' }] })
  })

  it('deletes an item of a list, a whole object, and replaces both', () => {
    const volumes = [
      { name: 'a', emptyDir: {} },
      { name: 'b', emptyDir: {} },
    ]
    expect(patched({ volumes }, { volumes: [{ $patch: 'delete', name: 'a' }] })['volumes']).toEqual([
      { name: 'b', emptyDir: {} },
    ])
    expect(patched({ volumes }, { volumes: [{ $patch: 'replace' }, { name: 'c' }] })['volumes']).toEqual([
      { name: 'c' },
    ])
    expect(
      patched({ affinity: { podAffinity: { x: 1 } } }, { affinity: { $patch: 'replace', nodeAffinity: {} } }),
    ).toEqual({
      affinity: { nodeAffinity: {} },
    })
    expect(patched({ affinity: { podAffinity: {} } }, { affinity: { $patch: 'delete' } })).toEqual({
      affinity: {},
    })
    expect(patched({ dnsConfig: { a: 1 } }, { dnsConfig: { $patch: 'merge', b: 2 } })).toEqual({
      dnsConfig: { a: 1, b: 2 },
    })
  })

  it('leaves no directive behind where nothing was', () => {
    const patch = {
      volumes: [
        { name: 'a', $retainKeys: ['name', 'emptyDir'], emptyDir: {} },
        { $patch: 'delete', name: 'b' },
      ],
    }
    expect(patched({}, patch)).toEqual({ volumes: [{ name: 'a', emptyDir: {} }] })
    expect(patched({ volumes: [] }, patch)).toEqual({ volumes: [{ name: 'a', emptyDir: {} }] })
  })

  it('changes the kind of a volume as kubectl apply does', () => {
    const volumes = [{ name: 'v', emptyDir: {} }]
    const patch = {
      '$setElementOrder/volumes': [{ name: 'v' }],
      volumes: [{ $retainKeys: ['name', 'configMap'], name: 'v', configMap: { name: 'c' }, emptyDir: null }],
    }
    expect(patched({ volumes }, patch)).toEqual({ volumes: [{ name: 'v', configMap: { name: 'c' } }] })
  })

  it('orders a list as $setElementOrder says, what only the server knows keeps its neighbours', () => {
    const named = (...names: string[]) => names.map(name => ({ name }))
    const ordered = (current: string[], order: string[], change: string[] = []) =>
      patched(
        { containers: named(...current) },
        {
          '$setElementOrder/containers': named(...order),
          ...(change.length > 0 && { containers: named(...change) }),
        },
      )['containers']
    expect(ordered(['a', 'b', 'c'], ['c', 'a', 'b'])).toEqual(named('c', 'a', 'b'))
    expect(ordered(['a', 'server', 'b'], ['b', 'a'])).toEqual(named('server', 'b', 'a'))
    expect(ordered(['server', 'a', 'b'], ['a', 'new', 'b'], ['new'])).toEqual(
      named('server', 'a', 'new', 'b'),
    )
  })

  it('has lists of texts without doubles, less what $deleteFromPrimitiveList names', () => {
    const before = { apiVersion: 'v1', kind: 'Pod', metadata: { finalizers: ['a', 'b', 'c'] } }
    const metadata = {
      '$deleteFromPrimitiveList/finalizers': ['b'],
      '$setElementOrder/finalizers': ['d', 'a'],
      finalizers: ['d', 'a'],
    }
    const result = strategicMerge(before, { metadata })
    expect(result['metadata']).toEqual({ finalizers: ['d', 'a', 'c'] })
  })

  it('knows the ports of containers from those of services', () => {
    const container = { name: 'a', ports: [{ containerPort: 80, name: 'web' }] }
    const patch = { containers: [{ name: 'a', ports: [{ containerPort: 81 }] }] }
    expect(patched({ containers: [container] }, patch)['containers']).toEqual([
      { name: 'a', ports: [{ containerPort: 81 }, { containerPort: 80, name: 'web' }] },
    ])
    const ports = [{ port: 80, targetPort: 8080 }]
    expect(strategicMerge(service({ ports }), { spec: { ports: [{ port: 80, name: 'web' }] } })).toEqual(
      service({ ports: [{ port: 80, targetPort: 8080, name: 'web' }] }),
    )
    const subsets = [{ ports: [{ port: 1 }], addresses: [{ ip: '127.0.0.1' }] }]
    const endpoints = { apiVersion: 'v1', kind: 'Endpoints', subsets }
    expect(strategicMerge(endpoints, { subsets: [{ ports: [{ port: 2 }] }] })['subsets']).toEqual([
      { ports: [{ port: 2 }] },
    ])
  })

  it('refuses what it cannot make sense of, in the words of Kubernetes', () => {
    const containers = [{ name: 'a' }]
    const messageOf = (patch: JsonObject) => {
      const failure = failureOf(() => patched({ containers }, patch))
      expect(failure.status).toBe(400)
      return failure.message
    }
    expect(messageOf({ containers: [{ image: 'x', args: ['a', 'b'] }] })).toBe(
      'map: map[args:[a b] image:x] does not contain declared merge key: name',
    )
    expect(messageOf({ containers: [{ $patch: 'merge' }] })).toBe(
      'merging lists cannot yet be specified in the patch',
    )
    expect(messageOf({ affinity: { $patch: 'frob' } })).toBe(
      'unknown patch type: frob in map: map[$patch:frob]',
    )
    expect(messageOf({ $retainKeys: ['x'], y: 1 })).toBe('invalid patch format of retainKeys')
    expect(messageOf({ '$setElementOrder/containers': 'x' })).toBe(
      'invalid patch format of setElementOrder list',
    )
    expect(messageOf({ containers: ['x'] })).toBe('expected a map[string]interface {}, but received a string')
    const order = [{ name: 'a' }, { name: 'b' }]
    expect(
      messageOf({ '$setElementOrder/containers': order, containers: [{ name: 'b' }, { name: 'a' }] }),
    ).toContain("doesn't match $setElementOrder list:\n[map[name:a] map[name:b]]")
  })

  it('keeps __proto__ an ordinary name', () => {
    const patch: JsonObject = JSON.parse('{"data":{"__proto__":{"polluted":"x"}}}')
    const result = strategicMerge({ apiVersion: 'v1', kind: 'ConfigMap', data: { a: '1' } }, patch)
    expect(JSON.stringify(result)).toContain('"__proto__":{"polluted":"x"}')
    expect('polluted' in {}).toBe(false)
  })
})

/** Pods' containers with an environment: two levels of keyed lists and one of texts. */
const containersOf = fc
  .uniqueArray(
    fc.record({
      name: fc.constantFrom('a', 'b', 'c', 'd'),
      image: fc.constantFrom('i:1', 'i:2'),
      env: fc.uniqueArray(
        fc.record({ name: fc.constantFrom('X', 'Y', 'Z'), value: fc.constantFrom('1', '2') }),
        {
          selector: ({ name }) => name,
        },
      ),
    }),
    { selector: ({ name }) => name },
  )
  .map(
    containers =>
      containers as readonly (JsonObject & {
        name: string
        env: readonly { name: string; value: string }[]
      })[],
  )

interface Named {
  readonly name: string
}

/** What kubectl computes: changed items, deletions, and the order wanted. */
function diffLists<T extends Named & JsonObject>(
  name: string,
  before: readonly T[],
  after: readonly T[],
  diff: (one: T, other: T) => JsonObject,
): JsonObject {
  const keep = new Set(after.map(item => item.name))
  const old = new Map(before.map(item => [item.name, item]))
  const changes: Json[] = after.map(item => {
    const was = old.get(item.name)
    return was === undefined ? item : diff(was, item)
  })
  const deletions = before
    .filter(item => !keep.has(item.name))
    .map(item => ({ $patch: 'delete', name: item.name }))
  return {
    [`$setElementOrder/${name}`]: after.map(item => ({ name: item.name })),
    [name]: [...changes, ...deletions],
  }
}

describe('strategic merge patches made as kubectl makes them', () => {
  it('bring one object to another, and change nothing the second time', () => {
    fc.assert(
      fc.property(containersOf, containersOf, (before, after) => {
        const patch = diffLists('containers', before, after, (one, other) => ({
          name: other.name,
          image: other['image'] ?? null,
          ...diffLists('env', one.env, other.env, (_, item) => item),
        }))
        const result = patched({ containers: before }, patch)
        expect(result).toEqual({ containers: after })
        expect(patched(result, patch)).toEqual(result)
      }),
    )
  })
})
