/** Where the time of our sidecar goes: `node bench/sidecar/profile.ts --help`. */
import { copyFileSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { readCpuShares, type Share, type Window } from './cpu-profile.ts'
import type { Ground } from './ground.ts'
import { readHeapShares } from './heap-profile.ts'
import { startUpstream } from './nginx.ts'
import { hasProgram } from './processes.ts'
import { PROFILE_HELP, type ProfileOptions, readProfileOptions } from './profile-options.ts'
import { runProgram } from './program.ts'
import { type RunningSidecar, startSidecarProcess } from './sidecar-process.ts'
import { startSubject } from './subjects.ts'
import { countSystemCalls, type SystemCalls } from './system-calls.ts'

const FIRST_PORT = 18_180
const WARM_SECONDS = 1

async function run(ground: Ground, options: ProfileOptions): Promise<void> {
  const { scenario, sampledFraction, top, heap, keep } = options
  const tracing = sampledFraction === undefined ? 'untraced' : `${sampledFraction * 100} % sampled`
  console.log(`${scenario.title}; ${tracing}`)
  await startUpstream(ground)
  const { byKind, byFunction } = readCpuShares(ground.folder, await profile(ground, options))
  print('CPU time by kind', byKind)
  print('CPU time by function, its own', byFunction.slice(0, top))
  if (heap)
    print('Live memory by the function that allocated it', readHeapShares(ground.folder).slice(0, top))
  if (keep !== undefined) keepProfiles(ground.folder, keep)
  await systemCalls(ground, options)
}

/** V8 writes what it has seen when the process ends. Start, first compilation and end are no part of the window. */
async function profile(
  ground: Ground,
  { scenario, sampledFraction, seconds, heap }: ProfileOptions,
): Promise<Window> {
  const flags = [
    ...['--cpu-prof', `--cpu-prof-dir=${ground.folder}`, '--cpu-prof-interval=500'],
    ...(heap ? ['--heap-prof', `--heap-prof-dir=${ground.folder}`] : []),
  ]
  const sidecar = await startSidecarProcess(ground, { sampledFraction, firstPort: FIRST_PORT, flags })
  await scenario.run(ground, sidecar, WARM_SECONDS)
  const from = monotonicMicros()
  const load = await scenario.run(ground, sidecar, seconds)
  const to = monotonicMicros()
  await sidecar.stop()
  console.log(`${load.perSecond.toFixed(0)} requests/s, slowed down by the profiler`)
  return { from, to }
}

function monotonicMicros(): number {
  return Number(process.hrtime.bigint() / 1000n)
}

async function systemCalls(ground: Ground, options: ProfileOptions): Promise<void> {
  if (!hasProgram('strace')) {
    console.log('\nskipped: system calls need strace, install with apt-get install strace')
    return
  }
  const { scenario, sampledFraction } = options
  const count = async (subject: Pick<RunningSidecar, 'h1' | 'h2' | 'pids'>): Promise<SystemCalls> => {
    await scenario.run(ground, subject, WARM_SECONDS)
    return countSystemCalls(ground, subject.pids(), () => scenario.run(ground, subject, options.seconds))
  }
  const sidecar = await startSidecarProcess(ground, { sampledFraction, firstPort: FIRST_PORT })
  console.log(`\nSystem calls a request\n  sidecar: ${spelt(await count(sidecar))}`)
  await sidecar.stop()
  console.log(`  nginx:   ${spelt(await count(await startSubject(ground, 'nginx')))}`)
}

function spelt(calls: SystemCalls): string {
  return [...calls].map(([name, each]) => `${each.toFixed(2)} ${name}`).join(', ')
}

function print(title: string, shares: readonly Share[]): void {
  console.log(`\n${title}`)
  for (const { name, share } of shares) console.log(`${(share * 100).toFixed(1).padStart(6)} %  ${name}`)
}

function keepProfiles(from: string, to: string): void {
  mkdirSync(to, { recursive: true })
  for (const name of readdirSync(from)) {
    if (/\.(cpu|heap)profile$/.test(name)) copyFileSync(join(from, name), join(to, name))
  }
}

await runProgram({ help: PROFILE_HELP, read: readProfileOptions, run })
