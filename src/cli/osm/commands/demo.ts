import { access, constants, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command, Option } from 'commander'
import { defaultDemoFolder } from '../../../app/demo/default-demo.ts'
import { startDemo } from '../../../app/demo/demo.ts'
import { type DemoDescription, readDemoDescription } from '../../../app/demo/demo-description.ts'
import { type DemoSettings, parseDemoSettings } from '../../../app/demo/demo-settings.ts'
import { watchDemo } from '../../../app/demo/demo-watch.ts'
import { KisekiError, messageOf } from '../../../model/errors.ts'
import { createLogger, type LogLevel } from '../../../runtime/logger.ts'
import { durationOption, portOption } from '../flag-options.ts'
import { invitation } from '../invitation.ts'
import { createProgress } from '../progress.ts'
import { whenAsked } from '../when-asked.ts'

interface DemoFlags {
  readonly once?: true
  readonly timeout: number
  readonly pagePort: number
  readonly zipkinPort: number
  readonly apiPort?: number
  readonly stateDir?: string
  readonly logLevel: LogLevel
  readonly envFile?: string
  readonly jaeger: boolean
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
      durationOption('--timeout <duration>', 'how long to wait for the first complete trace').default(
        90_000,
        '90s',
      ),
    )
    .addOption(portOption('--page-port <port>', 'port of the page and the query API').default(16686))
    .addOption(
      portOption('--zipkin-port <port>', 'port that takes spans of others, Zipkin v2 JSON').default(9411),
    )
    .addOption(portOption('--api-port <port>', 'port of the Kubernetes API (default: any)'))
    .option(
      '--state-dir <folder>',
      'where logs and state go (default: a new folder that is removed at the end)',
    )
    .addOption(
      new Option('--log-level <level>', 'what the mesh itself logs')
        .choices(['debug', 'info', 'warn', 'error'])
        .default('warn'),
    )
    .option('--env-file <file>', `${VARIABLES} (default: .env of this folder, if it is there)`)
    .option('--no-jaeger', 'install no Jaeger, and leave tracing off; as DEPLOY_JAEGER=false')
    .addHelpText(
      'after',
      '\nExit codes: 0 it ended when asked to; 1 it could not be started, or --once missed something.',
    )
    .action(async (folder: string | undefined, flags: DemoFlags) => {
      const description = await readDemoDescription(folder ?? defaultDemoFolder())
      const settings = await readDemoSettings(flags)
      const stateDir = await stateFolder(flags.stateDir)
      try {
        process.exitCode = await runDemo(description, { ...flags, stateDir, settings })
      } finally {
        if (flags.stateDir === undefined) await rm(stateDir, { recursive: true, force: true })
      }
    })
}

const VARIABLES = 'variables for it: DEPLOY_JAEGER=true|false, K8S_NAMESPACE, MESH_NAME'

/** The file that nobody named need not be there. */
async function readDemoSettings({ envFile, jaeger }: DemoFlags): Promise<DemoSettings> {
  const file = envFile ?? '.env'
  let text = ''
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    const isAbsent = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    if (envFile !== undefined || !isAbsent)
      throw new KisekiError('KISEKI_BAD_FLAG', `${file} cannot be read: ${messageOf(error)}`, {
        remedy: 'Name a file that may be read: --env-file <file>.',
        cause: error,
      })
  }
  const settings = parseDemoSettings(text, file)
  return { ...settings, deployJaeger: settings.deployJaeger && jaeger }
}

async function stateFolder(named: string | undefined): Promise<string> {
  try {
    if (named === undefined) return await mkdtemp(join(tmpdir(), 'kiseki-demo-'))
    await mkdir(named, { recursive: true })
    await access(named, constants.W_OK)
    return named
  } catch (error) {
    throw new KisekiError('KISEKI_BAD_FLAG', `--state-dir cannot be used: ${messageOf(error)}`, {
      remedy: 'Name a folder that you may write to, or one that does not exist yet: --state-dir <folder>.',
      cause: error,
    })
  }
}

/** The exit code. */
async function runDemo(
  description: DemoDescription,
  flags: DemoFlags & { readonly stateDir: string; readonly settings: DemoSettings },
): Promise<number> {
  const asked = whenAsked()
  const progress = createProgress()
  const deadline = AbortSignal.timeout(flags.timeout)
  const signal = AbortSignal.any([asked.signal, deadline])
  const demo = await startDemo({
    description,
    settings: flags.settings,
    stateDir: flags.stateDir,
    ports: {
      page: flags.pagePort,
      zipkin: flags.zipkinPort,
      ...(flags.apiPort === undefined ? {} : { api: flags.apiPort }),
    },
    logger: createLogger({ component: 'osm', level: flags.logLevel }),
    progress: progress.done,
    signal,
  }).catch((error: unknown) => {
    // Who asked to end wants to hear of no failure that the end is the cause of.
    if (!asked.signal.aborted) throw error
  })
  if (demo === undefined) {
    console.log('\nthe demo has ended before it ran')
    return flags.once ? 1 : 0
  }
  try {
    const outcome = await watchDemo({ demo, description, progress: progress.done, signal })
    if (flags.once) {
      console.log(outcome.report)
      return outcome.status === 'seen' ? 0 : 1
    }
    if (!asked.signal.aborted)
      console.log(invitation({ outcome, demo, description, stateDir: flags.stateDir }))
    await asked.promise
    console.log('\nending the demo')
    return 0
  } finally {
    await demo.stop()
  }
}
