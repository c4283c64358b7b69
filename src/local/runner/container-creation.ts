import { join } from 'node:path'
import { createBackoff } from './backoff.ts'
import { openContainerLog } from './container-log.ts'
import { ContainerSupervisor } from './container-supervisor.ts'
import type { PodContainer, PodContainerOptions } from './pod-container.ts'
import { StartedContainer, titleOf } from './started-container.ts'

/** Between two probes before the first success. */
const EAGER_PROBE_MILLIS = 100

export async function createPodContainer(options: PodContainerOptions): Promise<PodContainer> {
  const { context, container, folder, changed, record, restartPolicy, graceMillis } = options
  const { previous, runsAgain, waiting } = options
  const log = await openContainerLog({
    file: join(folder, `${container.name}.log`),
    maxBytes: context.logBytes,
    now: context.now,
  })
  const started = new StartedContainer(options, log)
  const supervisor = new ContainerSupervisor({
    container,
    restartPolicy,
    graceMillis,
    waiting,
    ...(previous === undefined ? {} : { previous }),
    ...(runsAgain === undefined ? {} : { runsAgain }),
    backoff: createBackoff(context.backoff),
    eagerProbeMillis: EAGER_PROBE_MILLIS,
    plan: () => started.plan(),
    launch: plan => started.launch(plan),
    refused: wait => started.untilWorthwhile(wait),
    probed: { target: port => options.ports.target(container, port), ground: () => started.ground },
    running: (process, signal) => started.running(process, signal),
    ended: () => started.explain(),
    changed,
    record,
    title: `${container.name} pod=${titleOf(options.pod())}`,
    now: context.now,
  })
  return {
    supervisor,
    log,
    ground: () => (supervisor.status.state.running === undefined ? undefined : started.ground),
    groups: started.groups,
    group: () => supervisor.group,
    listen: listener => started.listen(listener),
  }
}
