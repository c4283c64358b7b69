import { setTimeout as delay } from 'node:timers/promises'
import type { Fleet } from '../../../control/fleet.ts'
import { nameOf } from '../../../kube/apply.ts'
import { failedWith } from '../../../kube/kube-errors.ts'
import { MESH_CONFIGS } from '../../../kube/resources.ts'
import { KisekiError } from '../../../model/errors.ts'
import type { Cluster } from '../cluster.ts'
import { failure } from '../failure.ts'
import type { Output } from '../output.ts'
import { getMeshConfig } from './mesh-config.ts'
import { readFleet } from './read-fleet.ts'
import type { TracingChange } from './tracing-change.ts'

export interface ChangeTracingOptions {
  readonly cluster: Pick<Cluster, 'client' | 'pods'>
  readonly namespace: string
  readonly change: TracingChange
  readonly output: Output
  /** Ends the waiting, not what was changed. */
  readonly signal: AbortSignal
}

/** Changes the MeshConfig, then waits until every sidecar that listens has applied it. */
export async function changeTracing(options: ChangeTracingOptions): Promise<void> {
  const { cluster, namespace, change, output } = options
  const before = await getMeshConfig(cluster.client, namespace)
  const started = performance.now()
  const patch = { spec: { observability: { tracing: { ...change } } } }
  const changed = await cluster.client.patch(MESH_CONFIGS, nameOf(before), patch)
  const isSame = changed.metadata.resourceVersion === before.metadata.resourceVersion
  output.write(`MeshConfig ${namespace}/${changed.metadata.name} ${isSame ? 'unchanged' : 'configured'}\n`)
  const fleet = await awaitFleet(options, changed.metadata.generation ?? 0)
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  const listening = fleet.sidecars.filter(({ connected }) => connected).length
  const silent = fleet.sidecars.length - listening
  output.write(
    listening === 0
      ? 'no sidecar listens: the next ones will begin with it\n'
      : `applied by ${listening} of ${fleet.sidecars.length} sidecars after ${seconds} s\n`,
  )
  if (silent > 0)
    output.note(`Warning: ${silent} sidecars do not listen to the control plane; they keep what they have\n`)
}

const ASK_AGAIN_MILLIS = 100
/** The controller takes a MeshConfig a moment before it has compiled it for the last sidecar. */
const TIMES_SEEN = 2

async function awaitFleet(options: ChangeTracingOptions, generation: number): Promise<Fleet> {
  const { cluster, namespace, signal } = options
  let seen = 0
  for (;;) {
    const fleet = await readFleet(cluster, namespace).catch((error: unknown) => {
      // One that starts anew answers soon; where none runs, nobody does.
      if (signal.aborted || failedWith(error, 'KISEKI_NOT_FOUND'))
        failure('the change is written, but the controller does not say whether it is applied', error)
    })
    if (fleet !== undefined) {
      throwIfRefused(fleet, generation)
      seen = isApplied(fleet, generation) ? seen + 1 : 0
      if (seen >= TIMES_SEEN) return fleet
      if (signal.aborted) throw notApplied(fleet)
    }
    await delay(ASK_AGAIN_MILLIS, undefined, { signal }).catch(() => undefined)
  }
}

function isApplied({ meshConfig, sidecars }: Fleet, generation: number): boolean {
  const taken = meshConfig.status === 'accepted' && (meshConfig.generation ?? generation) >= generation
  return taken && sidecars.every(({ connected, wanted, running }) => !connected || wanted === running)
}

function throwIfRefused({ meshConfig, sidecars }: Fleet, generation: number): void {
  if (meshConfig.status === 'refused' && (meshConfig.generation ?? generation) >= generation) {
    const problems = meshConfig.problems.map(({ path, message }) => `${path} ${message}`)
    throw new KisekiError('KISEKI_INVALID', `the control plane refused it: ${problems.join('; ')}`, {
      remedy: 'The last good configuration stays in force. Correct the field that is named.',
    })
  }
  const refusing = sidecars.find(
    ({ wanted, refused }) => refused !== undefined && refused.revision === wanted,
  )
  if (refusing === undefined) return
  throw new KisekiError(
    'KISEKI_BAD_CONFIG',
    `the sidecar of ${refusing.namespace}/${refusing.pod} refused it: ${refusing.refused?.reason}`,
  )
}

function notApplied({ sidecars }: Fleet): KisekiError {
  const late = sidecars
    .filter(({ connected, wanted, running }) => connected && wanted !== running)
    .map(({ namespace, pod }) => `${namespace}/${pod}`)
  const who = late.length === 0 ? 'the control plane has not yet taken it' : `not by ${late.join(', ')}`
  return new KisekiError('KISEKI_TIMEOUT', `the change is written, but not applied in time: ${who}`, {
    remedy: 'See `osm tracing status`, or give more time (--timeout).',
  })
}
