import { resolve } from 'node:path'
import { Command, Option } from 'commander'
import { meshUp } from '../../../app/mesh/background/mesh-up.ts'
import { isStartedInBackground, tellStarter } from '../../../app/mesh/background/start-message.ts'
import { readImageTable } from '../../../app/mesh/image-table.ts'
import { startLocalMesh } from '../../../app/mesh/local-mesh.ts'
import { createLogger, type LogLevel } from '../../../runtime/logger.ts'
import { durationOption, portOption } from '../flag-options.ts'
import { type LocalMeshFlags, stateDirOption, stateFolderOf } from '../local-mesh-flags.ts'
import { createProgress } from '../progress.ts'
import { shellText } from '../shell-text.ts'
import { type Asked, whenAsked } from '../when-asked.ts'

interface UpFlags extends LocalMeshFlags {
  readonly apiPort?: number
  readonly images?: string
  readonly foreground?: true
  readonly timeout: number
  readonly logLevel: LogLevel
}

export function upCommand(): Command {
  return new Command('up')
    .description(
      'Start a small Kubernetes on this machine, in the background. It stays when the terminal is closed; `osm down` ends it.',
    )
    .addOption(stateDirOption())
    .addOption(
      portOption('--api-port <port>', 'port of the Kubernetes API (default: that of the last time, or any)'),
    )
    .option('--images <file>', 'JSON: what to run in the place of images, {"IMAGE": {"command": ["…"]}}')
    .option('--foreground', 'stay in this terminal, until Ctrl-C')
    .addOption(
      durationOption('--timeout <duration>', 'how long to wait until it answers').default(120_000, '2m'),
    )
    .addOption(
      new Option('--log-level <level>', 'what it logs')
        .choices(['debug', 'info', 'warn', 'error'])
        .default('warn'),
    )
    .addHelpText(
      'after',
      '\nExit codes: 0 it runs, or ran already; 1 it could not be started; 2 a wrong flag.',
    )
    .action((flags: UpFlags) => (flags.foreground ? runHere(flags) : runInBackground(flags)))
}

async function runInBackground(flags: UpFlags): Promise<void> {
  const stateDir = stateFolderOf(flags)
  const progress = createProgress()
  const asked = whenAsked()
  const { status, mesh } = await meshUp({
    stateDir,
    command: foregroundCommand(stateDir, flags),
    progress: progress.done,
    signal: AbortSignal.any([asked.signal, AbortSignal.timeout(flags.timeout)]),
  })
  if (status === 'started') progress.done(`the local cluster runs, process ${mesh.pid}`)
  else console.log(`The local cluster runs already, as process ${mesh.pid}.`)
  console.log(whatNext(mesh.kubeconfig))
}

/** This program again. What the flags name must mean the same in another folder. */
function foregroundCommand(stateDir: string, flags: UpFlags): readonly [string, ...string[]] {
  const [program = '', main = ''] = process.argv
  const { apiPort, images, logLevel } = flags
  return [
    program,
    ...process.execArgv,
    main,
    'up',
    '--foreground',
    '--state-dir',
    stateDir,
    '--log-level',
    logLevel,
    ...(apiPort === undefined ? [] : ['--api-port', String(apiPort)]),
    ...(images === undefined ? [] : ['--images', resolve(images)]),
  ]
}

async function runHere(flags: UpFlags): Promise<void> {
  const inBackground = isStartedInBackground()
  const asked = whenAsked({ alone: inBackground })
  const { done } = createProgress()
  const step = (text: string): void => {
    done(text)
    tellStarter({ status: 'step', step: text })
  }
  const mesh = await startLocalMesh({
    stateDir: stateFolderOf(flags),
    images: flags.images === undefined ? [] : [await readImageTable(flags.images)],
    ...(flags.apiPort === undefined ? {} : { apiPort: flags.apiPort }),
    logger: createLogger({ component: 'osm', level: flags.logLevel }),
  })
  step(`the Kubernetes API answers at ${mesh.apiUrl}`)
  tellStarter({ status: 'ready', apiUrl: mesh.apiUrl })
  if (!inBackground && !asked.signal.aborted) console.log(`${whatNext(mesh.kubeconfig)}\n\nCtrl-C ends it.`)
  await ended(asked)
  done('ending the pods')
  await mesh.stop()
}

/** The channel to whoever started us would be open for ever. */
async function ended(asked: Asked): Promise<void> {
  await asked.promise
  if (process.connected) process.disconnect()
}

function whatNext(kubeconfig: string): string {
  return [
    '',
    'For kubectl, helm and all others (osm finds it without, where no other kubeconfig is in use):',
    '',
    `  export KUBECONFIG=${shellText(kubeconfig)}`,
    '',
    'Next:',
    '',
    '  osm install --set=osm.deployJaeger=true,osm.tracing.enable=true',
    '  osm run --name hello --port 8000 -- python3 -m http.server 8000',
    '  osm ps',
  ].join('\n')
}
