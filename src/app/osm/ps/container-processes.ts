import { readFile } from 'node:fs/promises'
import { processIds, processStat } from '../../../local/runner/processes.ts'

/** First processes of containers, by `<uid of the pod>/<container>`. */
export type ContainerProcesses = ReadonlyMap<string, number>

/** What the runner writes into the environment of all that it starts. */
const VARIABLES = ['KISEKI_RUN', 'KISEKI_CONTAINER'] as const

/** Of one run of the local cluster. Empty where the system does not tell (not Linux). */
export async function containerProcesses(runId: string): Promise<ContainerProcesses> {
  const found = await Promise.all((await processIds()).map(pid => containerOf(pid, runId)))
  return new Map(found.filter(entry => entry !== undefined))
}

/** A process that is gone, or another user's, is of no container. */
async function containerOf(pid: number, runId: string): Promise<readonly [string, number] | undefined> {
  try {
    const environment = (await readFile(`/proc/${pid}/environ`, 'utf8')).split('\0')
    const [run, container] = VARIABLES.map(name => settingOf(environment, name))
    if (run !== runId || container === undefined) return undefined
    const { group, ended } = await processStat(pid)
    return group === pid && !ended ? [container, pid] : undefined
  } catch {
    return undefined
  }
}

/** The last one holds, as for programs. */
function settingOf(environment: readonly string[], name: string): string | undefined {
  return environment.findLast(entry => entry.startsWith(`${name}=`))?.slice(name.length + 1)
}
