import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { eventually, manifest, tellSteps } from './chapter.ts'
import { type ClusterUnderTest, NEWEST, openCluster } from './cluster.ts'
import { kubectlMissing } from './kubectl.ts'
import { definitionOf, makeKind } from './made-up-kind.ts'

it('a cluster goes on where it was, and with the same kubeconfig', async ({ skip }) => {
  const missing = kubectlMissing(NEWEST)
  if (missing !== undefined) skip(missing)
  const folder = await mkdtemp(join(tmpdir(), 'kiseki-restart-test-'))
  let open: ClusterUnderTest | undefined
  onTestFinished(async () => {
    await open?.close()
    await rm(folder, { recursive: true, force: true })
  })
  const made = makeKind()
  const custom = {
    apiVersion: `${made.group}/v1`,
    kind: made.kind,
    metadata: { name: 'one' },
    spec: { [made.size]: 3 },
  }
  const everything = `get ns,cm,deploy,rs,svc,sa,crd,${made.plural}.${made.group},node -A -o jsonpath='{range .items[*]}{.kind}/{.metadata.name}={.metadata.uid};{end}'`

  open = await openCluster(folder)
  const first = open.kubectl(NEWEST)
  await tellSteps(first, [
    ['create namespace shop', 'created'],
    ['create -n shop configmap c --from-literal=a=1', 'created'],
    ['create deployment web --image=greeter:1 --replicas=2', 'created'],
    ['expose deploy web --port=80 --target-port=8080', 'exposed'],
    ['create -f -', 'created', manifest(definitionOf(made))],
    [`wait --for=condition=Established crd/${made.definition} --timeout=10s`, 'met'],
    ['create -f -', 'created', manifest(custom)],
    ['rollout status deploy/web --timeout=20s', 'successfully rolled out'],
  ])
  const before = (await first.run(everything)).stdout
  const token = (await first.run('create token default')).stdout.trim()
  await open.close()

  open = await openCluster(folder)
  const second = open.kubectl(NEWEST)
  await eventually('its pods run again', async () => {
    const { stdout } = await second.run('get pods -l app=web --no-headers')
    return /^(web-\S+ +1\/1 +Running .*\n){2}$/.test(stdout)
  })
  await tellSteps(second, [
    ['rollout status deploy/web --timeout=20s', 'successfully rolled out'],
    ['get deploy web', /web +2\/2 /],
    [`get ${made.short} one -o jsonpath={.spec.${made.size}}`, /^3$/],
  ])
  expect((await second.run(everything)).stdout).toBe(before)
  expect((await second.run(`--token=${token} auth whoami`)).stdout).toContain('default')
})
