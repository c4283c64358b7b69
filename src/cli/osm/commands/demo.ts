import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command, InvalidArgumentError, Option } from 'commander'
import { defaultDemoFolder } from '../../../app/demo/default-demo.ts'
import { type Demo, startDemo } from '../../../app/demo/demo.ts'
import { type DemoDescription, readDemoDescription } from '../../../app/demo/demo-description.ts'
import { watchDemo } from '../../../app/demo/demo-watch.ts'
import { createLogger, type LogLevel } from '../../../runtime/logger.ts'
import { createProgress } from '../progress.ts'
import { whenAsked } from '../when-asked.ts'

interface DemoFlags {
  readonly once?: true
  readonly timeout: number
  readonly pagePort: number
  readonly zipkinPort: number
  readonly controlPort: number
  readonly stateDir?: string
  readonly logLevel: LogLevel
}

export function demoCommand(): Command {
  return new Command('demo')
    .description('Start a mesh on this machine with a demo in it, and show its traces on a page.')
    .argument('[folder]', 'the demo: a folder with a demo.json (default: the one that comes along)')
    .option(
      '--once',
      'wait for one complete trace and the success line, print them, end: 0 if both came, else 1',
    )
    .addOption(
      duration('--timeout <duration>', 'how long to wait for the first complete trace').default(
        90_000,
        '90s',
      ),
    )
    .addOption(port('--page-port <port>', 'port of the page and the query API').default(16686))
    .addOption(port('--zipkin-port <port>', 'port that takes spans of others, Zipkin v2 JSON').default(9411))
    .addOption(port('--control-port <port>', 'port of the control plane').default(0))
    .option(
      '--state-dir <folder>',
      'where logs and state go (default: a new folder that is removed at the end)',
    )
    .addOption(
      new Option('--log-level <level>', 'what the mesh itself logs')
        .choices(['debug', 'info', 'warn', 'error'])
        .default('warn'),
    )
    .action(async (folder: string | undefined, flags: DemoFlags) => {
      const description = await readDemoDescription(folder ?? defaultDemoFolder())
      const stateDir = flags.stateDir ?? (await mkdtemp(join(tmpdir(), 'kiseki-demo-')))
      try {
        process.exitCode = await runDemo(description, { ...flags, stateDir })
      } finally {
        if (flags.stateDir === undefined) await rm(stateDir, { recursive: true, force: true })
      }
    })
}

/** The exit code. */
async function runDemo(
  description: DemoDescription,
  flags: DemoFlags & { stateDir: string },
): Promise<number> {
  const asked = whenAsked()
  const progress = createProgress()
  const deadline = AbortSignal.timeout(flags.timeout)
  const demo = await startDemo({
    description,
    stateDir: flags.stateDir,
    ports: { page: flags.pagePort, zipkin: flags.zipkinPort, control: flags.controlPort },
    logger: createLogger({ component: 'osm', level: flags.logLevel }),
    progress: progress.done,
    signal: AbortSignal.any([asked.signal, deadline]),
  })
  try {
    const outcome = await watchDemo({
      demo,
      description,
      progress: progress.done,
      signal: AbortSignal.any([asked.signal, deadline]),
    })
    if (flags.once) {
      console.log(outcome.report)
      return outcome.status === 'seen' ? 0 : 1
    }
    console.log(outcome.status === 'seen' ? invitation(demo, description, flags.stateDir) : outcome.report)
    await asked.promise
    console.log('\nending the demo')
    return 0
  } finally {
    await demo.stop()
  }
}

function invitation(demo: Demo, description: DemoDescription, stateDir: string): string {
  const tries = description.tries.map(({ what, path }) => `  ${what}\n      ${demo.pageUrl}${path}`)
  return [
    '',
    `The page is at ${demo.pageUrl}`,
    `Spans of other programs, Zipkin v2 JSON: POST ${demo.zipkinUrl}/api/v2/spans`,
    `Logs of the apps: ${join(stateDir, 'pods')}`,
    '',
    'Try:',
    ...tries,
    '',
    'Ctrl-C ends everything.',
  ].join('\n')
}

function port(flags: string, description: string): Option {
  return new Option(flags, `${description}; 0 takes a free one`).argParser(text => {
    const value = Number(text)
    if (!/^\d+$/.test(text) || value > 65535)
      throw new InvalidArgumentError('It takes a number from 0 to 65535.')
    return value
  })
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 }

function duration(flags: string, description: string): Option {
  return new Option(flags, description).argParser(text => {
    const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text) ?? []
    const millis = Number(amount) * (UNITS[unit] ?? Number.NaN)
    if (!(millis > 0)) throw new InvalidArgumentError('It takes a number and a unit: 500ms, 90s, 2m.')
    return millis
  })
}
