/**
 * Where the time of our sidecar goes: `node bench/sidecar/profile.ts [--sampled 1] [--connections 64] [--body 1k]
 * [--seconds 5]`. Prints functions by their own share of CPU time, and where strace is installed system calls per
 * request beside those of nginx.
 */
import { parseArgs } from 'node:util'
import { bodySize } from './bodies.ts'
import { readProfile, selfTimes } from './cpu-profile.ts'
import { Ground } from './ground.ts'
import { startUpstream } from './nginx.ts'
import { AUTHORITY, startSidecarProcess } from './sidecar-process.ts'
import { runWrk } from './wrk.ts'

const { values } = parseArgs({
  options: {
    sampled: { type: 'string' },
    connections: { type: 'string', default: '64' },
    body: { type: 'string', default: '1k' },
    seconds: { type: 'string', default: '5' },
    top: { type: 'string', default: '30' },
  },
})
const size = bodySize(values.body)
if (size === undefined) throw new Error(`no body of ${values.body}`)
const ground = new Ground()
try {
  await startUpstream(ground)
  const sidecar = await startSidecarProcess(ground, {
    sampledFraction: values.sampled === undefined ? undefined : Number(values.sampled),
    firstPort: 18_200,
    flags: ['--cpu-prof', `--cpu-prof-dir=${ground.folder}`, '--cpu-prof-interval=500'],
  })
  const load = await runWrk(ground, {
    port: sidecar.outboundPort,
    authority: AUTHORITY,
    connections: Number(values.connections),
    size,
    seconds: Number(values.seconds),
  })
  await sidecar.stop()
  console.log(`${load.requests} requests, ${load.perSecond.toFixed(0)}/s (the profiler slows it down)\n`)
  const times = selfTimes(readProfile(ground.folder))
  for (const { name, share } of times.slice(0, Number(values.top))) {
    console.log(`${(share * 100).toFixed(1).padStart(5)} %  ${name}`)
  }
} finally {
  await ground.clear()
}
process.exit(0)
