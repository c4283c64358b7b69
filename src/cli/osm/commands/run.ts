import { Command, InvalidArgumentError, Option } from 'commander'
import { answers, findRunningMesh } from '../../../app/mesh/background/running-mesh.ts'
import { localFolder } from '../../../app/mesh/local-folder.ts'
import { openCluster } from '../../../app/osm/cluster.ts'
import { callerEnvironment } from '../../../app/osm/run/caller-environment.ts'
import { findProgram } from '../../../app/osm/run/find-program.ts'
import type { RunSpec } from '../../../app/osm/run/run-objects.ts'
import { runProcess } from '../../../app/osm/run/run-process.ts'
import { KisekiError } from '../../../model/errors.ts'
import { repeatableOption } from '../flag-options.ts'
import type { GlobalFlags } from '../global-flags.ts'
import { type LocalMeshFlags, stateDirOption } from '../local-mesh-flags.ts'
import { terminalOutput } from '../terminal-output.ts'
import { whenAsked } from '../when-asked.ts'

interface RunFlags extends GlobalFlags, LocalMeshFlags {
  readonly name: string
  readonly namespace: string
  readonly port: number
  readonly env: readonly string[]
  readonly detach?: true
}

export function runCommand(): Command {
  return new Command('run')
    .description(
      'Run one process of this machine behind a sidecar of the mesh, and print what it prints. Ctrl-C ends it and removes it from the mesh.',
    )
    .argument('<command...>', 'the program and its arguments, behind --')
    .usage('--name NAME --port PORT [options] -- COMMAND...')
    .addOption(nameOption('--name <name>', 'what others call it by').makeOptionMandatory())
    .addOption(nameOption('--namespace <namespace>', 'made if there is none').default('apps'))
    .addOption(
      new Option('--port <port>', 'where it listens, HTTP; it is told as $PORT where it really shall')
        .argParser(parsePort)
        .makeOptionMandatory(),
    )
    .addOption(
      repeatableOption('--env <name=value>', 'sets a variable; a NAME alone passes on that of this shell'),
    )
    .option('--detach', 'leave it running when it is ready')
    .addOption(stateDirOption())
    .addHelpText('after', AFTER)
    .action(async ([program = '', ...args]: string[], _flags: unknown, command: Command) => {
      const flags = command.optsWithGlobals<RunFlags>()
      const outcome = callerEnvironment(process.env, flags.env)
      if ('problem' in outcome) return command.error(`error: ${outcome.problem}`)
      const cwd = process.cwd()
      const file = await findProgram(program, { cwd, path: process.env['PATH'] ?? '' })
      const { name, namespace, port } = flags
      const { environment } = outcome
      await run({ name, namespace, port, command: [file, ...args], workingDir: cwd, environment }, flags)
    })
}

const AFTER = `
It runs in this folder, with PATH, HOME and the like of this shell. Requests that it makes by HTTP_PROXY go through its
sidecar as well.

Exit codes: that of the command; 0 after Ctrl-C; 1 it could not be started; 2 a wrong flag.`

async function run(spec: RunSpec, flags: RunFlags): Promise<void> {
  const mesh = await findRunningMesh(await localFolder({ ...flags, env: process.env }))
  if (mesh === undefined || !(await answers(mesh)))
    throw new KisekiError('KISEKI_API_UNREACHABLE', 'no local cluster runs', {
      remedy: 'Start one: osm up. Then put a mesh into it: osm install.',
    })
  const asked = whenAsked()
  const cluster = await openCluster({ kubeconfig: mesh.kubeconfig })
  try {
    process.exitCode = await runProcess({
      cluster,
      run: spec,
      meshNamespace: flags.osmNamespace,
      detach: flags.detach === true,
      output: terminalOutput(flags.verbose),
      signal: asked.signal,
    })
  } finally {
    await cluster.close()
  }
}

/** RFC 1035, label: Services have no other names. */
const NAME = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/

function nameOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser(text => {
    if (!NAME.test(text))
      throw new InvalidArgumentError(
        'It takes at most 63 lower-case letters, digits and "-", a letter first.',
      )
    return text
  })
}

function parsePort(text: string): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < 1 || value > 65_535)
    throw new InvalidArgumentError('It takes a number from 1 to 65535.')
  return value
}
