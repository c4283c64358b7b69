import { expect } from 'vitest'
import { eventually, podOf, type Step, tableOf, typed } from './story.ts'
import type { World } from './world.ts'

/** What becomes of programs when objects change. */
export function objectSteps(step: Step): void {
  serviceSteps(step)
  scaleSteps(step)
  rolloutSteps(step)
  controlPlaneSteps(step)
  nextMeshStep(step)
  deleteSteps(step)
}

const NEW_LINES = 'kubectl logs deployment/bookbuyer -n bookbuyer -c bookbuyer --tail=0 -f'

function serviceSteps(step: Step): void {
  step('kubectl delete service: no request reaches its pods any more', async world => {
    await typed(world, 'kubectl delete service bookstore -n bookstore')
    const first = world.start(NEW_LINES)
    await first.prints(/^Status: 502/m)
    await first.end()
    const then = world.start(NEW_LINES)
    const printed = await then.prints(/(^Status: \d+[\s\S]*?){3}/m)
    await then.end()
    expect(printed).not.toContain('Status: 200')
  })
  step('kubectl apply of its manifest: they do again', async world => {
    const printed = await typed(world, 'kubectl apply -f demo/bookstore/k8s/bookstore.yaml')
    expect(printed).toContain('service/bookstore created\n')
    expect(printed).toContain('deployment.apps/bookstore-v1 unchanged\n')
    const log = world.start(NEW_LINES)
    await log.prints('MAESTRO! THIS TEST SUCCEEDED!')
    await log.end()
  })
}

function scaleSteps(step: Step): void {
  const pods = 'kubectl get pods -n bookstore -l version=v2 --no-headers'
  step('kubectl scale --replicas=2: the second pod is asked, too', async world => {
    const first = await podOf(world, 'bookstore', 'bookstore,version=v2')
    await typed(world, 'kubectl scale deployment bookstore-v2 -n bookstore --replicas=2')
    await typed(world, 'kubectl rollout status deployment/bookstore-v2 -n bookstore --timeout=60s')
    const names = tableOf(await typed(world, pods)).map(([name]) => name ?? '')
    expect(names).toHaveLength(2)
    const second = names.find(name => name !== first)
    const log = world.start(`kubectl logs ${second} -n bookstore -c bookstore -f`)
    await log.prints('Selling a book!')
    await log.end()
  })
  step('kubectl scale --replicas=1: its process ends', async world => {
    await typed(world, 'kubectl scale deployment bookstore-v2 -n bookstore --replicas=1')
    await eventually(world, pods, /^\S+ +2\/2 +Running.*\n$/)
    const { length } = (await world.processes()).filter(({ command }) => /bookstore\.ts/.test(command))
    expect(length).toBe(2)
  })
}

function rolloutSteps(step: Step): void {
  step('kubectl rollout restart: another pod takes the place', async world => {
    const former = await podOf(world, 'bookbuyer', 'bookbuyer')
    await typed(world, 'kubectl rollout restart deployment/bookbuyer -n bookbuyer')
    const printed = await typed(
      world,
      'kubectl rollout status deployment/bookbuyer -n bookbuyer --timeout=60s',
    )
    expect(printed).toContain('deployment "bookbuyer" successfully rolled out\n')
    const rows = await eventually(
      world,
      'kubectl get pods -n bookbuyer --no-headers',
      /^\S+ +2\/2 +Running.*\n$/,
    )
    expect(rows).not.toContain(former)
    expect(await world.processes(former)).toEqual([])
  })
  step('kubectl apply of a changed manifest: only what changed is new', async world => {
    const change = `sed 's/value: bookstore-v1/value: bookstore-of-another-name/'`
    const printed = await typed(world, `${change} demo/bookstore/k8s/bookstore.yaml | kubectl apply -f -`)
    const changed = printed
      .trimEnd()
      .split('\n')
      .filter(line => !line.endsWith(' unchanged'))
    expect(changed).toEqual(['deployment.apps/bookstore-v1 configured'])
    await typed(world, 'kubectl rollout status deployment/bookstore-v1 -n bookstore --timeout=60s')
    const log = world.start(NEW_LINES)
    await log.prints('Identity: bookstore-of-another-name')
    await log.end()
  })
}

function controlPlaneSteps(step: Step): void {
  step('kubectl delete pod of the control plane: no request fails meanwhile', async world => {
    await goesOn(world, async () => {
      await typed(world, 'kubectl delete pod -n osm-system -l "app in (osm-controller, osm-injector)"')
      await typed(world, 'kubectl wait pod --for=condition=Ready -n osm-system --all --timeout=60s')
    })
  })
  step('and new pods have their sidecars', async world => {
    await typed(world, 'kubectl rollout restart deployment/bookthief -n bookthief')
    await typed(world, 'kubectl rollout status deployment/bookthief -n bookthief --timeout=60s')
    const pods = 'kubectl get pods -n bookthief --no-headers'
    await eventually(world, pods, /^\S+ +2\/2 +Running.*\n$/)
    await eventually(world, 'osm tracing status', /^bookthief +bookthief-\S+ +([0-9a-f]+)\/\1 /m)
  })
}

function nextMeshStep(step: Step): void {
  step(
    'osm uninstall mesh, then osm install: apps go on, and their sidecars find the next mesh',
    async world => {
      const values = 'osm.tracing.enable=true,osm.tracing.address=jaeger.osm-system.svc.cluster.local'
      await goesOn(world, async () => {
        await typed(world, 'osm uninstall mesh --force')
        // What a person has put beside the mesh stays.
        await typed(world, 'kubectl get deployment jaeger -n osm-system')
        await typed(world, `osm install --set ${values}`)
      })
      await eventually(world, 'osm tracing status', /(^book\S+ +book\S+ +([0-9a-f]+)\/\2 .*\n){5}/m)
    },
  )
}

function deleteSteps(step: Step): void {
  step('kubectl delete deployment jaeger: its process ends', async world => {
    const pod = await podOf(world, 'osm-system', 'jaeger')
    const processes = await world.processes(pod)
    expect(processes.map(({ command }) => command)).toEqual([expect.stringContaining('all-in-one')])
    await typed(world, 'kubectl delete deployment jaeger -n osm-system')
    await eventually(world, 'kubectl get pods -n osm-system -l app=jaeger', /^No resources found/)
    expect(await world.processes(pod)).toEqual([])
    await goesOn(world)
  })
}

/** Whatever is away of the mesh, the apps hear from each other. */
async function goesOn(world: World, meanwhile?: () => Promise<void>): Promise<void> {
  const log = world.start(NEW_LINES)
  await meanwhile?.()
  const printed = await log.prints(/(MAESTRO! THIS TEST SUCCEEDED![\s\S]*?){2}/)
  await log.end()
  expect(printed).not.toMatch(/^Status: (?!200)/m)
}
