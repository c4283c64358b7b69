import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { KubeFailure } from '../../kube/kube-failure.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import { builtInTopology } from './built-in-topology.ts'
import type { ListTopology } from './list-topology.ts'
import { schemaTopology } from './schema-topology.ts'
import { applyServerSide, type ServerSideApply } from './server-side-apply.ts'
import { trackUpdate } from './update-tracking.ts'

const CONFIG_MAP = builtInTopology({ group: '', kind: 'ConfigMap' })
const DEPLOYMENT = builtInTopology({ group: 'apps', kind: 'Deployment' })
const POD = builtInTopology({ group: '', kind: 'Pod' })
const T1 = '2026-01-02T03:04:05Z'
const T2 = '2026-01-02T03:04:06Z'

function configMap(data: JsonObject, metadata: JsonObject = {}): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'c', namespace: 'default', ...metadata },
    data,
  }
}

function pod(spec: JsonObject): JsonObject {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec }
}

function apply(
  live: JsonObject | undefined,
  manager: string,
  applied: JsonObject,
  options: Partial<ServerSideApply> = {},
): JsonObject {
  const lists = applied['kind'] === 'Pod' ? POD : CONFIG_MAP
  const apiVersion = String(applied['apiVersion'])
  return applyServerSide({ live, applied, manager, force: false, time: T1, apiVersion, lists, ...options })
    .object
}

function update(
  before: JsonObject | undefined,
  manager: string,
  after: JsonObject,
  time: string = T1,
): JsonObject {
  const lists = after['kind'] === 'Pod' ? POD : CONFIG_MAP
  return trackUpdate({ before, after, manager, time, apiVersion: 'v1', lists })
}

interface Entry {
  readonly manager: string
  readonly operation: string
  readonly time?: string
  readonly subresource?: string
  readonly fieldsV1: JsonObject
}

function entriesOf(object: JsonObject): readonly Entry[] {
  const { managedFields = [] } = object['metadata'] as { managedFields?: readonly Entry[] }
  return managedFields
}

/** What each manager owns. */
function owned(object: JsonObject): JsonObject {
  return Object.fromEntries(entriesOf(object).map(({ manager, fieldsV1 }) => [manager, fieldsV1]))
}

function conflictOf(act: () => unknown): KubeFailure {
  try {
    act()
  } catch (error) {
    if (error instanceof KubeFailure) return error
  }
  throw new Error('there was no conflict')
}

function bare(object: JsonObject): JsonObject {
  const { managedFields: _, ...metadata } = object['metadata'] as JsonObject
  return { ...object, metadata }
}

describe('server-side apply', () => {
  it('creates, and says who owns what', () => {
    const object = apply(
      undefined,
      'kubectl',
      configMap({ key: 'some value' }, { labels: { 'test-label': 'test' } }),
    )
    expect(entriesOf(object)).toEqual([
      {
        manager: 'kubectl',
        operation: 'Apply',
        apiVersion: 'v1',
        time: T1,
        fieldsType: 'FieldsV1',
        fieldsV1: { 'f:metadata': { 'f:labels': { 'f:test-label': {} } }, 'f:data': { 'f:key': {} } },
      },
    ])
  })

  it('refuses to change what another one owns, and changes it by force', () => {
    const live = update(undefined, 'kubectl-client-side-apply', configMap({ a: '1', b: '1' }))
    const conflict = conflictOf(() => apply(live, 'me', configMap({ a: '2' })))
    expect(conflict.status).toBe(409)
    expect(conflict.message).toBe(
      'Apply failed with 1 conflict: conflict with "kubectl-client-side-apply" using v1: .data.a',
    )
    expect(conflict.details).toEqual({
      causes: [
        {
          reason: 'FieldManagerConflict',
          message: 'conflict with "kubectl-client-side-apply" using v1',
          field: '.data.a',
        },
      ],
    })
    const forced = apply(live, 'me', configMap({ a: '2' }), { force: true })
    expect(forced['data']).toEqual({ a: '2', b: '1' })
    expect(owned(forced)).toEqual({
      me: { 'f:data': { 'f:a': {} } },
      'kubectl-client-side-apply': { 'f:data': { '.': {}, 'f:b': {} } },
    })
  })

  it('names all conflicts, by owner', () => {
    const first = apply(undefined, 'x', configMap({ a: '1', b: '1' }))
    const live = update(first, 'edit', configMap({ a: '1', b: '1', c: '1' }))
    expect(conflictOf(() => apply(live, 'me', configMap({ a: '2', b: '2', c: '2' }))).message).toBe(
      [
        'Apply failed with 3 conflicts: conflicts with "edit" using v1:',
        '- .data.c',
        'conflicts with "x":',
        '- .data.a',
        '- .data.b',
      ].join('\n'),
    )
  })

  it('shares what both want the same, and removes it only when both let it go', () => {
    const one = apply(undefined, 'one', configMap({ a: '1', mine: '1' }))
    const two = apply(one, 'two', configMap({ a: '1' }))
    expect(owned(two)['two']).toEqual({ 'f:data': { 'f:a': {} } })
    const nothing = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' } }
    const left = apply(two, 'one', nothing)
    expect(left['data']).toEqual({ a: '1' })
    expect(Object.keys(owned(left))).toEqual(['two'])
    const { data: _, ...rest } = bare(left)
    expect(apply(left, 'two', nothing)).toEqual(rest)
  })

  it('hands a field over to a controller, as the documentation does with replicas', () => {
    const deployment = (spec: JsonObject): JsonObject => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'nginx-deployment' },
      spec: { selector: { matchLabels: { app: 'nginx' } }, ...spec },
    })
    const context = { lists: DEPLOYMENT, apiVersion: 'apps/v1', time: T1 }
    const mine = apply(undefined, 'kubectl', deployment({ replicas: 3 }), context)
    const scaled = trackUpdate({
      ...context,
      before: mine,
      after: { ...mine, spec: { ...(mine['spec'] as JsonObject), replicas: 5 } },
      manager: 'hpa',
      subresource: 'scale',
    })
    expect(conflictOf(() => apply(scaled, 'kubectl', deployment({ replicas: 3 }), context)).message).toBe(
      'Apply failed with 1 conflict: conflict with "hpa" with subresource "scale" using apps/v1: .spec.replicas',
    )
    const left = apply(scaled, 'kubectl', deployment({}), context)
    expect(left['spec']).toEqual({ selector: { matchLabels: { app: 'nginx' } }, replicas: 5 })
    expect(owned(left)).toEqual({
      kubectl: { 'f:spec': { 'f:selector': {} } },
      hpa: { 'f:spec': { 'f:replicas': {} } },
    })
  })

  it('merges the items of lists by their keys', () => {
    const one = apply(
      undefined,
      'one',
      pod({ containers: [{ name: 'a', image: 'i', ports: [{ containerPort: 80 }] }] }),
    )
    expect(owned(one)['one']).toEqual({
      'f:spec': {
        'f:containers': {
          'k:{"name":"a"}': {
            '.': {},
            'f:name': {},
            'f:image': {},
            'f:ports': { 'k:{"containerPort":80,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {} } },
          },
        },
      },
    })
    const two = apply(
      one,
      'two',
      pod({
        containers: [
          { name: 'b', image: 'j' },
          { name: 'a', tty: true },
        ],
      }),
    )
    expect(two['spec']).toEqual({
      containers: [
        { name: 'b', image: 'j' },
        { name: 'a', image: 'i', ports: [{ containerPort: 80 }], tty: true },
      ],
    })
    const conflict = conflictOf(() => apply(two, 'two', pod({ containers: [{ name: 'a', image: 'x' }] })))
    expect(conflict.message).toContain('conflict with "one": .spec.containers[name="a"].image')
    const dropped = apply(two, 'two', pod({ containers: [{ name: 'a', tty: true }] }))
    expect(dropped['spec']).toEqual({
      containers: [{ name: 'a', image: 'i', ports: [{ containerPort: 80 }], tty: true }],
    })
    const gone = apply(dropped, 'two', pod({}))
    expect(gone['spec']).toEqual({ containers: [{ name: 'a', image: 'i', ports: [{ containerPort: 80 }] }] })
  })

  it('lets items of the live list stay where they were', () => {
    const order = (live: string, applied: string) => {
      const containers = (names: string) => pod({ containers: [...names].map(name => ({ name })) })
      const result = apply(update(undefined, 'x', containers(live)), 'me', containers(applied))
      return (result['spec'] as { containers: { name: string }[] }).containers
        .map(({ name }) => name)
        .join('')
    }
    expect(order('abc', 'd')).toBe('abcd')
    expect(order('abc', 'ca')).toBe('bca')
    expect(order('axb', 'anb')).toBe('axnb')
    expect(order('ab', 'ba')).toBe('ba')
  })

  it('owns elements of a set one by one, and an atomic object as a whole', () => {
    const context = { lists: POD }
    const finalizers = (...names: string[]): JsonObject => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', finalizers: names },
    })
    const one = apply(undefined, 'one', finalizers('a', 'b'), context)
    const two = apply(one, 'two', finalizers('b', 'c'), context)
    expect(two['metadata']).toMatchObject({ finalizers: ['a', 'b', 'c'] })
    expect(owned(two)['two']).toEqual({ 'f:metadata': { 'f:finalizers': { 'v:"b"': {}, 'v:"c"': {} } } })
    expect(apply(two, 'one', finalizers(), context)['metadata']).toMatchObject({ finalizers: ['b', 'c'] })

    const selected = apply(undefined, 'one', pod({ nodeSelector: { a: '1' } }))
    expect(conflictOf(() => apply(selected, 'two', pod({ nodeSelector: { b: '1' } }))).message).toContain(
      '.spec.nodeSelector',
    )
    const taken = apply(selected, 'two', pod({ nodeSelector: { b: '1' } }), { force: true })
    expect(taken['spec']).toEqual({ nodeSelector: { b: '1' } })
  })

  it('gives what was there before anybody applied to before-first-apply', () => {
    const conflict = conflictOf(() => apply(configMap({ a: '1' }), 'me', configMap({ a: '2' })))
    expect(conflict.message).toContain('conflict with "before-first-apply" using v1: .data.a')
  })

  it('takes from client-side kubectl apply what is still as that left it', () => {
    const annotated = (data: JsonObject, last: JsonObject) =>
      configMap(data, {
        annotations: { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(configMap(last)) },
      })
    const live = update(
      undefined,
      'kubectl-client-side-apply',
      annotated({ a: '1', b: '1' }, { a: '1', b: '1' }),
    )
    const object = apply(live, 'kubectl', configMap({ a: '2' }))
    expect(object['data']).toEqual({ a: '2', b: '1' })
    const { annotations } = object['metadata'] as { annotations: Record<string, string> }
    expect(JSON.parse(String(Object.values(annotations)[0]))).toEqual(configMap({ a: '2' }))

    const edited = update(live, 'edit', annotated({ a: '9', b: '1' }, { a: '1', b: '1' }))
    expect(
      conflictOf(() => apply(edited, 'kubectl', configMap({ a: '2', b: '2' }))).details.causes,
    ).toMatchObject([{ message: 'conflict with "edit" using v1', field: '.data.a' }])
    expect(() => apply(live, 'me', configMap({ a: '2' }))).toThrow('1 conflict')
  })

  it('leaves alone what the endpoint does not write', () => {
    const context = { lists: DEPLOYMENT, apiVersion: 'apps/v1' }
    const applied = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: {},
      spec: { replicas: 1 },
      status: { replicas: 1 },
    }
    const object = apply(undefined, 'me', applied, { ...context, untouched: ['status'] })
    expect(object).not.toHaveProperty('status')
    const status = apply(object, 'me', applied, { ...context, untouched: ['spec'], subresource: 'status' })
    expect(status['status']).toEqual({ replicas: 1 })
    expect(entriesOf(status).map(({ subresource, fieldsV1 }) => [subresource, fieldsV1])).toEqual([
      [undefined, { 'f:spec': { 'f:replicas': {} } }],
      ['status', { 'f:status': { 'f:replicas': {} } }],
    ])
  })

  it('refuses what cannot be applied', () => {
    const messageOf = (applied: JsonObject, live?: JsonObject) => {
      const failure = conflictOf(() => apply(live, 'me', applied, { apiVersion: 'v1' }))
      expect(failure.status).toBe(400)
      return failure.message
    }
    expect(messageOf(configMap({}, { managedFields: [] }))).toBe('metadata.managedFields must be nil')
    expect(messageOf({ ...configMap({}), apiVersion: 'v2' })).toBe('invalid object type: /v2, Kind=ConfigMap')
    expect(messageOf(pod({ containers: [{ image: 'x' }] }))).toBe(
      `failed to create typed patch object (/p; /v1, Kind=Pod): .spec.containers: element 0: associative list with keys has an element that omits all key fields ["name"] (and doesn't have default values for any key fields)`,
    )
    expect(messageOf(pod({ containers: [{ name: 'a' }, { name: 'a' }] }))).toContain(
      '.spec.containers: duplicate entries for key [name="a"]',
    )
  })

  it('changes neither argument, nor more than data', () => {
    const live = update(undefined, 'x', configMap({ a: '1' }))
    const applied: JsonObject = JSON.parse(
      '{"apiVersion":"v1","kind":"ConfigMap","metadata":{},"data":{"__proto__":"p","constructor":"c"}}',
    )
    const [liveBefore, appliedBefore] = structuredClone([live, applied])
    const object = apply(live, 'me', applied)
    expect([live, applied]).toEqual([liveBefore, appliedBefore])
    expect(Object.keys(object['data'] as JsonObject)).toEqual(['a', '__proto__', 'constructor'])
    expect(apply(object, 'me', applied, { time: T2 })).toBe(object)
  })
})

describe('updates', () => {
  it('own what they change', () => {
    const created = update(
      undefined,
      'create',
      configMap({ a: '1', b: '1' }, { uid: 'u', resourceVersion: '1' }),
    )
    expect(owned(created)).toEqual({ create: { 'f:data': { '.': {}, 'f:a': {}, 'f:b': {} } } })
    const edited = update(created, 'edit', { ...bare(created), data: { a: '2', c: '1' } }, T2)
    expect(owned(edited)).toEqual({
      create: { 'f:data': {} },
      edit: { 'f:data': { 'f:a': {}, 'f:c': {} } },
    })
    expect(entriesOf(edited).map(({ time }) => time)).toEqual([T1, T2])
  })

  it('leave no trace when they change nothing that is tracked', () => {
    const created = update(undefined, 'create', configMap({ a: '1' }))
    const again = { ...bare(created), metadata: { name: 'c', namespace: 'default', resourceVersion: '2' } }
    expect(update(created, 'edit', again, T2)['metadata']).toEqual({
      ...(created['metadata'] as JsonObject),
      resourceVersion: '2',
    })
  })

  it('take entries that a client sends, forget them for an empty list, and track nothing without', () => {
    const created = update(undefined, 'create', configMap({ a: '1' }))
    const migrated = entriesOf(created).map(entry => ({ ...entry, manager: 'kubectl', operation: 'Apply' }))
    const metadata = created['metadata'] as JsonObject
    const sent = update(created, 'edit', {
      ...created,
      metadata: { ...metadata, managedFields: migrated as unknown as Json },
    })
    expect(entriesOf(sent)).toEqual(migrated)
    for (const managedFields of [[], [{}]]) {
      const forgotten = update(created, 'edit', { ...created, metadata: { ...metadata, managedFields } })
      expect(forgotten['metadata']).not.toHaveProperty('managedFields')
      expect(update(forgotten, 'edit', configMap({ a: '2' }))['metadata']).not.toHaveProperty('managedFields')
    }
    const unreadable = [{ manager: 'x', operation: 'Frob' }, 'text']
    const kept = update(created, 'edit', { ...created, metadata: { ...metadata, managedFields: unreadable } })
    expect(kept).toEqual(created)
  })

  it('of too many make one, of the oldest', () => {
    let object = update(undefined, 'm10', configMap({ k10: '1' }))
    for (let i = 11; i < 40; i++) {
      const data = { ...(object['data'] as JsonObject), [`k${i}`]: '1' }
      object = update(object, `m${i}`, { ...bare(object), data }, `2026-01-02T03:05:${i}Z`)
    }
    const managers = entriesOf(object).map(({ manager }) => manager)
    expect(managers).toEqual(['ancient-changes', ...Array.from({ length: 9 }, (_, i) => `m${i + 31}`)])
    const ancient = entriesOf(object)[0]?.fieldsV1['f:data'] as JsonObject
    expect(Object.keys(ancient)).toEqual(['.', ...Array.from({ length: 21 }, (_, i) => `f:k${i + 10}`)])
  })

  it('bear with a list that has an item twice', () => {
    const twice = pod({
      containers: [
        {
          name: 'a',
          env: [
            { name: 'X', value: '1' },
            { name: 'X', value: '2' },
          ],
        },
      ],
    })
    const created = update(undefined, 'create', twice)
    const env = 'f:env'
    expect(JSON.stringify(owned(created))).toContain(`"${env}":{".":{},"k:{\\"name\\":\\"X\\"}":{}}`)
    const once = update(
      created,
      'edit',
      pod({ containers: [{ name: 'a', env: [{ name: 'X', value: '1' }] }] }),
    )
    expect(JSON.stringify(owned(once)['edit'])).toContain('"f:value":{}')
  })
})

describe('lists of custom resources', () => {
  const schema: JsonObject = {
    type: 'object',
    properties: {
      spec: {
        type: 'object',
        properties: {
          ports: {
            type: 'array',
            'x-kubernetes-list-type': 'map',
            'x-kubernetes-list-map-keys': ['port', 'protocol'],
            items: {
              type: 'object',
              properties: { port: { type: 'integer' }, protocol: { type: 'string', default: 'TCP' } },
            },
          },
          tags: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
          plain: { type: 'array', items: { type: 'string' } },
          whole: { type: 'object', 'x-kubernetes-map-type': 'atomic', properties: { a: {}, b: {} } },
          byName: {
            type: 'object',
            additionalProperties: { type: 'object', properties: { x: { type: 'string' } } },
          },
          free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        },
      },
    },
  }
  const lists: ListTopology = schemaTopology(schema)
  const custom = (spec: JsonObject, metadata: JsonObject = {}): JsonObject => ({
    apiVersion: 'example.test/v1',
    kind: 'Thing',
    metadata: { name: 't', ...metadata },
    spec,
  })

  it('are what the schema says', () => {
    const object = apply(
      undefined,
      'me',
      custom(
        {
          ports: [{ port: 80 }],
          tags: ['x'],
          plain: ['y'],
          whole: { a: 1 },
          byName: { one: { x: '1' } },
          free: { deep: { list: [1], leaf: 1 } },
        },
        { finalizers: ['f'] },
      ),
      { lists },
    )
    expect(owned(object)['me']).toEqual({
      'f:metadata': { 'f:finalizers': { 'v:"f"': {} } },
      'f:spec': {
        'f:ports': { 'k:{"port":80,"protocol":"TCP"}': { '.': {}, 'f:port': {} } },
        'f:tags': { 'v:"x"': {} },
        'f:plain': {},
        'f:whole': {},
        'f:byName': { 'f:one': { '.': {}, 'f:x': {} } },
        'f:free': { 'f:deep': { '.': {}, 'f:list': {}, 'f:leaf': {} } },
      },
    })
  })

  it('know a port with the default protocol from one that spells it', () => {
    const one = apply(undefined, 'one', custom({ ports: [{ port: 80 }, { port: 80, protocol: 'UDP' }] }), {
      lists,
    })
    const two = apply(one, 'two', custom({ ports: [{ port: 80, protocol: 'TCP' }] }), { lists })
    expect(two['spec']).toEqual({
      ports: [
        { port: 80, protocol: 'TCP' },
        { port: 80, protocol: 'UDP' },
      ],
    })
  })
})

const specs = fc.record({
  nodeName: fc.option(fc.constantFrom('n', 'm'), { nil: undefined }),
  nodeSelector: fc.option(fc.dictionary(fc.constantFrom('a', 'b'), fc.constantFrom('1', '2')), {
    nil: undefined,
  }),
  securityContext: fc.option(
    fc.record({
      fsGroup: fc.nat(2),
      sysctls: fc.array(fc.record({ name: fc.constantFrom('s', 't') }), { maxLength: 2 }),
    }),
    { nil: undefined },
  ),
  containers: fc.uniqueArray(
    fc.record({
      name: fc.constantFrom('a', 'b', 'c'),
      image: fc.constantFrom('i', 'j'),
      env: fc.uniqueArray(fc.record({ name: fc.constantFrom('X', 'Y'), value: fc.constantFrom('1', '2') }), {
        selector: ({ name }) => name,
      }),
    }),
    { selector: ({ name }) => name, minLength: 1 },
  ),
})
const pods = specs.map(spec => JSON.parse(JSON.stringify(pod(spec as unknown as JsonObject))) as JsonObject)

describe('server-side apply of any pod', () => {
  it('is idempotent', () => {
    fc.assert(
      fc.property(pods, pods, (first, second) => {
        const live = update(undefined, 'x', first)
        const once = apply(live, 'me', second, { force: true })
        expect(apply(once, 'me', second, { time: T2 })).toBe(once)
      }),
    )
  })

  it('conflicts with a writer exactly on what differs and stays', () => {
    fc.assert(
      fc.property(pods, pods, (first, second) => {
        const live = update(undefined, 'x', first)
        const forced = apply(live, 'me', second, { force: true })
        const moved = JSON.stringify(bare(forced)) !== JSON.stringify(bare(live))
        const lost = JSON.stringify(owned(forced)['x']) !== JSON.stringify(owned(live)['x'])
        let conflicts = 0
        try {
          apply(live, 'me', second)
        } catch (error) {
          conflicts = error instanceof KubeFailure ? (error.details.causes?.length ?? 0) : 0
        }
        expect(conflicts > 0).toBe(lost)
        if (lost) expect(moved).toBe(true)
      }),
    )
  })

  it('ends with what was applied last when nobody else wants anything', () => {
    fc.assert(
      fc.property(pods, pods, (first, second) => {
        const twice = apply(apply(undefined, 'me', first), 'me', second)
        const meant = apply(undefined, 'me', second)
        // An empty list owns nothing, so that whether it goes with what was in it is of no account.
        const full = (object: JsonObject) => JSON.parse(JSON.stringify(bare(object)).replaceAll('[]', 'null'))
        expect(owned(twice)).toEqual(owned(meant))
        expect(withoutNulls(full(twice))).toEqual(withoutNulls(full(meant)))
      }),
    )
  })
})

function withoutNulls(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value as JsonObject).filter(([, member]) => member !== null)
  return Object.fromEntries(entries.map(([name, member]) => [name, withoutNulls(member)]))
}
