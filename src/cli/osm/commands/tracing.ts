import { Command } from 'commander'
import { changeTracing } from '../../../app/osm/tracing/change-tracing.ts'
import {
  parseFraction,
  parseTarget,
  type TargetOutcome,
  type TracingChange,
} from '../../../app/osm/tracing/tracing-change.ts'
import { printTracingStatus } from '../../../app/osm/tracing/tracing-status.ts'
import { durationOption } from '../flag-options.ts'
import { withCluster } from '../with-cluster.ts'
import { explainTracingCommand, verifyTracingCommand } from './tracing-questions.ts'

interface ChangeFlags {
  readonly sampledFraction?: string
  readonly timeout: number
}

export function tracingCommand(): Command {
  const status = new Command('status')
    .description('Print where spans go, which sidecar applied which revision, and what became of its spans.')
    .action(async (_flags: unknown, command: Command) => {
      await withCluster(command, ({ cluster, output, flags }) =>
        printTracingStatus(cluster, flags.osmNamespace, output),
      )
    })
  return new Command('tracing')
    .description('Look at tracing and change it while the mesh runs.')
    .addCommand(status)
    .addCommand(verifyTracingCommand())
    .addCommand(explainTracingCommand())
    .addCommand(changeCommand('enable', 'Switch tracing on.', { enable: true }))
    .addCommand(changeCommand('disable', 'Switch tracing off.', { enable: false }))
    .addCommand(changeCommand('set', 'Say where spans go, and how many traces are recorded.', {}))
}

function changeCommand(
  name: 'enable' | 'disable' | 'set',
  description: string,
  fixed: TracingChange,
): Command {
  const command = new Command(name)
    .description(`${description} Waits until every sidecar has applied it.`)
    .addOption(durationOption('--timeout <duration>', 'how long to wait').default(30_000, '30s'))
  if (name === 'disable') {
    command.action((flags: ChangeFlags) => apply(command, fixed, flags))
    return command
  }
  return command
    .argument('[collector]', 'ADDRESS[:PORT][/ENDPOINT]')
    .option('--sampled-fraction <decimal>', 'share of the traces that is recorded, 0 to 1')
    .action((collector: string | undefined, flags: ChangeFlags) => {
      const target = collector === undefined ? {} : changeIn(parseTarget(collector), command)
      const sampling =
        flags.sampledFraction === undefined ? {} : changeIn(parseFraction(flags.sampledFraction), command)
      const change = { ...fixed, ...target, ...sampling }
      if (Object.keys(change).length === 0)
        command.error('error: say what to set: ADDRESS:PORT/ENDPOINT, or --sampled-fraction')
      return apply(command, change, flags)
    })
}

function changeIn(outcome: TargetOutcome, command: Command): TracingChange {
  return 'problem' in outcome ? command.error(`error: ${outcome.problem}`) : outcome.change
}

async function apply(command: Command, change: TracingChange, { timeout }: ChangeFlags): Promise<void> {
  await withCluster(command, ({ cluster, output, flags }) =>
    changeTracing({
      cluster,
      namespace: flags.osmNamespace,
      change,
      output,
      signal: AbortSignal.timeout(timeout),
    }),
  )
}
