import { DEPLOYMENTS, PODS, SERVICES } from '../../../kube/resources.ts'
import { messageOf } from '../../../model/errors.ts'
import type { Pod } from '../../../model/kubernetes-pod.ts'
import { sidecarEntry } from '../ps/pod-row.ts'
import { type AttendOptions, type AttendOutcome, attendPod } from './attend-pod.ts'
import { portClashOf } from './port-clash.ts'
import { podsGone, type RunObject, removeRun } from './remove-run.ts'
import { runDeployment, runPod, runService } from './run-objects.ts'
import { ensureNamespace, meshFor, throwIfTaken } from './run-place.ts'

export interface RunOptions extends Omit<AttendOptions, 'ready'> {
  /** Of the control plane. */
  readonly meshNamespace: string
}

/** The exit code of the process; 0 when it was asked to end, or is left running. Else nothing is left behind. */
export async function runProcess(options: RunOptions): Promise<number> {
  const { cluster, run, meshNamespace, output } = options
  const { client } = cluster
  const mesh = await meshFor(client, meshNamespace)
  await throwIfTaken(client, run)
  const objects = new Set<RunObject>()
  try {
    if (await ensureNamespace(client, run, mesh)) {
      objects.add('namespace')
      output.note(`namespace ${run.namespace} created, a part of mesh ${mesh.name}\n`)
    }
    const outcome = await attend(options, objects)
    if (outcome.status !== 'left') await remove(options, objects)
    if (outcome.status === 'asked') await outcome.stopLog()
    return outcome.status === 'ended' ? outcome.exitCode : 0
  } catch (error) {
    await remove(options, objects)
    throw error
  }
}

/** What cannot be taken away is said, and hides not how the process ended. */
async function remove({ cluster, run, output }: RunOptions, objects: ReadonlySet<RunObject>): Promise<void> {
  if (objects.size === 0) return
  try {
    await removeRun(cluster.client, { name: run.name, namespace: run.namespace, objects })
    output.note(`${run.name} is removed from the mesh\n`)
  } catch (error) {
    output.note(`${run.name} is not removed from the mesh: ${messageOf(error)}\n`)
  }
}

async function attend(options: RunOptions, objects: Set<RunObject>): Promise<AttendOutcome> {
  const { cluster, run, output, detach } = options
  const { client } = cluster
  const attended = (): Promise<AttendOutcome> =>
    attendPod({
      ...options,
      async ready(pod) {
        // Not before: it would answer on the port that the program is about to take.
        await client.create(SERVICES, runService(run))
        objects.add('service')
        sayReady(options, pod)
      },
    })
  if (detach) {
    await client.create(DEPLOYMENTS, runDeployment(run))
    objects.add('deployment')
    return attended()
  }
  await client.create(PODS, runPod(run))
  objects.add('pod')
  const first = await attended()
  if (first.status !== 'ended' || first.exitCode === 0 || !first.toldOfClash) return first
  const clash = await portClashOf(client, first.pod)
  if (clash !== undefined) {
    output.note(`${clash}\n`)
    return first
  }
  output.note('a Service has answered on that port, and leaves it now; once more:\n')
  await client.remove(PODS, { name: run.name, namespace: run.namespace })
  await podsGone(client, run)
  await client.create(PODS, runPod(run))
  return attended()
}

function sayReady({ run, detach, output }: RunOptions, pod: Pod): void {
  const entry = sidecarEntry(pod)
  const say = detach ? output.write : output.note
  say(`${run.name} runs behind its sidecar:\n`)
  say(`  in the mesh        http://${run.name}.${run.namespace}:${run.port}\n`)
  if (entry !== undefined) say(`  from this machine  ${entry}\n`)
  const end = detach ? `kubectl delete deployment,service ${run.name} -n ${run.namespace}` : 'Ctrl-C'
  say(`  to end it          ${end}\n`)
}
