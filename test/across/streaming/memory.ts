import { readFileSync, writeFileSync } from 'node:fs'

/** What the process holds of the machine's memory, in MB. */
export function residentMegabytes(pid: number): number {
  return megabytes(pid, 'VmRSS')
}

/** The most that it held since this was asked for the last time. */
export function peakMegabytes(pid: number): number {
  const peak = megabytes(pid, 'VmHWM')
  // Forgets the peak (proc_pid_clear_refs(5)).
  writeFileSync(`/proc/${pid}/clear_refs`, '5')
  return peak
}

function megabytes(pid: number, line: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(new RegExp(`^${line}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024
}

/** Runs it, and gives back by how much the process grew meanwhile, at most. */
export async function growthDuring(pid: number, run: () => Promise<void>): Promise<number> {
  peakMegabytes(pid)
  const before = residentMegabytes(pid)
  await run()
  return peakMegabytes(pid) - before
}
