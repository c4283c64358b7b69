import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { FAILS, manifest, type Step, type StepOptions, tellSteps } from './chapter.ts'
import { type ClusterUnderTest, NEWEST, openCluster } from './cluster.ts'
import { type Kubectl, kubectlMissing } from './kubectl.ts'
import { definitionOf, type MadeUpKind, makeKind } from './made-up-kind.ts'

let cluster: ClusterUnderTest
let kubectl: Kubectl
let made: MadeUpKind

beforeAll(async () => {
  cluster = await openCluster()
})
afterAll(() => cluster?.close())
beforeEach(async ({ skip }) => {
  const missing = kubectlMissing(NEWEST)
  if (missing !== undefined) skip(missing)
  kubectl = cluster.kubectl(NEWEST)
  made = makeKind()
  await kubectl.run('apply -f -', manifest(definitionOf(made)))
  await kubectl.run(`wait --for=condition=Established crd/${made.definition} --timeout=10s`)
})

function object(name: string, spec: object, extra: object = {}): object {
  return { apiVersion: `${made.group}/v1`, kind: made.kind, metadata: { name }, spec, ...extra }
}

function refused(spec: object): StepOptions {
  return { ...manifest(object('wrong', spec)), fails: true }
}

const tell = (...steps: readonly Step[]) => tellSteps(kubectl, steps)

describe('a kind that was made up', () => {
  it('is listed, explained and printed as its definition says', async () => {
    const { plural, short, category, kind, size, group } = made
    await tell(
      [`api-resources --api-group=${group}`, new RegExp(`${plural} +${short} +${group}/v1 +true +${kind}`)],
      [`explain ${plural}.spec.${size}`, `How much ${size}.`],
      [`explain ${plural} --recursive --api-version=${group}/v1alpha1`, `${size}\t<integer> -required-`],
      [`get ${plural}`, /No resources found/],
      ['apply -f -', `${kind.toLowerCase()}.${group}/one created`, manifest(object('one', { [size]: 3 }))],
      ['apply -f -', 'unchanged', manifest(object('one', { [size]: 3 }))],
      [`get ${short}`, new RegExp(`^NAME +${size.toUpperCase()} +AGE\none +3 +\\d+s\n$`)],
      [
        `get ${short} -o wide`,
        new RegExp(`^NAME +${size.toUpperCase()} +${made.colour.toUpperCase()} +AGE\none +3 +red `),
      ],
      [`get ${category} -o name`, `${kind.toLowerCase()}.${group}/one`],
      [`get ${kind} one -o jsonpath={.spec.${made.colour}}`, /^red$/],
      [`describe ${short} one`, new RegExp(`Kind: +${kind}\n`)],
    )
  })

  it('refuses what its schema does not let in, in the words of Kubernetes', async () => {
    const { kind, size, colour, tags } = made
    const shout = `The ${kind} "wrong" is invalid: `
    await tell(
      ['create -f -', `${shout}spec.${size}: Required value`, refused({})],
      [
        'create -f -',
        `${shout}spec.${size}: Invalid value: 11: spec.${size} in body should be less than or equal to 10`,
        refused({ [size]: 11 }),
      ],
      [
        'create -f -',
        `${shout}spec.${size}: Invalid value: "string": spec.${size} in body must be of type integer: "string"`,
        refused({ [size]: 'three' }),
      ],
      [
        'create -f -',
        `${shout}spec.${colour}: Unsupported value: "green": supported values: "red", "blue"`,
        refused({ [size]: 1, [colour]: 'green' }),
      ],
      [
        'create -f -',
        `${shout}spec.${tags}[1]: Duplicate value: "a"`,
        refused({ [size]: 1, [tags]: ['a', 'a'] }),
      ],
      [
        'create -f -',
        `${shout}spec.${tags}[0]: Too long: may not be more than 5 bytes`,
        refused({ [size]: 1, [tags]: ['abcdef'] }),
      ],
      [
        'create -f -',
        `${kind} in version "v1" cannot be handled as a ${kind}: strict decoding error: unknown field "spec.${size}x"`,
        refused({ [size]: 1, [`${size}x`]: 2 }),
      ],
      [
        'create --validate=warn -f -',
        `Warning: unknown field "spec.${size}x"`,
        manifest(object('warned', { [size]: 1, [`${size}x`]: 2 })),
      ],
      ['create --validate=false -f -', 'created', manifest(object('pruned', { [size]: 1, [`${size}x`]: 2 }))],
    )
    const { stdout } = await kubectl.run(`get ${made.plural} pruned -o json`)
    expect(JSON.parse(stdout).spec).toEqual({ [size]: 1, [colour]: 'red' })
  })

  it('is patched, scaled, and has a status of its own', async () => {
    const { plural, size, colour } = made
    await tell(
      ['create -f -', 'created', manifest(object('one', { [size]: 3 }, { status: { mood: 'ignored' } }))],
      [`get ${plural} one -o jsonpath={.status}`, ''],
      [`patch ${plural} one --type=merge -p '{"spec":{"${size}":4}}'`, 'patched'],
      [
        `patch ${plural} one --type=json -p '[{"op":"replace","path":"/spec/${colour}","value":"blue"}]'`,
        'patched',
      ],
      [
        `patch ${plural} one -p '{"spec":{"${size}":5}}'`,
        'application/strategic-merge-patch+json is not supported by',
        FAILS,
      ],
      [
        `patch ${plural} one --type=merge -p '{"spec":{"${size}":0}}'`,
        'should be greater than or equal to 1',
        FAILS,
      ],
      [
        `patch ${plural} one --subresource=status --type=merge -p '{"status":{"mood":"good","replicas":2},"spec":{"${size}":9}}'`,
        'patched',
      ],
      [`get ${plural} one -o jsonpath={.status.mood}{.spec.${size}}{.metadata.generation}`, /^good43$/],
      [
        `patch ${plural} one --subresource=status --type=merge -p '{"status":{"mood":7}}'`,
        'status.mood: Invalid value: "integer"',
        FAILS,
      ],
      [`scale ${plural} one --replicas=6`, 'scaled'],
      [`get ${plural} one --subresource=scale -o jsonpath={.spec.replicas}{.status.replicas}`, /^62$/],
      [`wait --for=jsonpath={.spec.replicas}=6 ${plural}/one --timeout=5s`, 'condition met'],
    )
  })

  it('is applied on the server, managers owning its fields and items', async () => {
    const { plural, size, tags } = made
    const applied = (manager: string, how = '') =>
      `apply --server-side --field-manager=${manager} ${how} -f -`
    await tell(
      [applied('one'), 'serverside-applied', manifest(object('shared', { [size]: 3, [tags]: ['a'] }))],
      [
        applied('two'),
        `Apply failed with 1 conflict: conflict with "one": .spec.${size}`,
        { ...manifest(object('shared', { [size]: 4, [tags]: ['b'] })), fails: true },
      ],
      [
        applied('two', '--force-conflicts'),
        'serverside-applied',
        manifest(object('shared', { [size]: 4, [tags]: ['b'] })),
      ],
      [`get ${plural} shared -o jsonpath={.spec.${tags}}`, /^\["a","b"\]$/],
      [applied('one'), 'serverside-applied', manifest(object('shared', { [size]: 4 }))],
      [`get ${plural} shared -o jsonpath={.spec.${tags}}`, /^\["b"\]$/],
      [`diff --server-side --field-manager=one -f -`, '', manifest(object('shared', { [size]: 4 }))],
    )
  })

  it('is served in all its versions', async () => {
    const { plural, group, size } = made
    await tell(
      [
        'create -f -',
        'created',
        manifest({ ...object('old', { [size]: 2 }), apiVersion: `${group}/v1alpha1` }),
      ],
      [`get ${plural}.v1alpha1.${group} old -o jsonpath={.apiVersion}`, `${group}/v1alpha1`],
      [`get ${plural}.v1.${group} old -o jsonpath={.apiVersion}`, new RegExp(`^${group}/v1$`)],
      [`get --raw /apis/${group}`, `"preferredVersion":{"groupVersion":"${group}/v1"`],
      [
        `patch crd ${made.definition} --type=json -p '[{"op":"replace","path":"/spec/versions/1/served","value":false}]'`,
        'patched',
      ],
      [`get ${plural}.v1alpha1.${group}`, /the server (could not find|doesn't have)/, FAILS],
      [`get ${plural} old -o name`, 'old'],
    )
  })

  it('goes with its objects, when those let go', async () => {
    const { plural, size } = made
    const held = { metadata: { name: 'held', finalizers: ['example.test/hold'] } }
    await tell(
      ['create -f -', 'created', manifest({ ...object('held', { [size]: 2 }), ...held })],
      ['create -f -', 'created', manifest(object('free', { [size]: 2 }))],
      [`delete crd ${made.definition} --wait=false`, 'deleted'],
      [`wait --for=delete ${plural}/free --timeout=10s`, /^$|condition met/],
      [`get crd ${made.definition} -o jsonpath={.metadata.deletionTimestamp}`, /^\d{4}-/],
      [`patch ${plural} held --type=merge -p '{"metadata":{"finalizers":null}}'`, 'patched'],
      [`wait --for=delete crd/${made.definition} --timeout=10s`, /^$|condition met/],
      [
        `get ${plural}`,
        /the server doesn't have a resource type|could not find the requested resource/,
        FAILS,
      ],
    )
  })

  it('is refused where its definition is wrong', async () => {
    const wrong = makeKind()
    const spec = (change: object) => {
      const definition = JSON.parse(JSON.stringify(definitionOf(wrong)))
      return { ...manifest({ ...definition, spec: { ...definition.spec, ...change } }), fails: true }
    }
    await tell(
      ['create -f -', 'spec.scope', spec({ scope: 'Everywhere' })],
      ['create -f -', 'metadata.name: Invalid value', spec({ group: 'other.example' })],
      ['create -f -', 'spec.versions', spec({ versions: [] })],
    )
  })
})
