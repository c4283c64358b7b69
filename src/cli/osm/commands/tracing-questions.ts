import { Command, InvalidArgumentError, Option } from 'commander'
import { explainPod } from '../../../app/osm/tracing/explain-pod.ts'
import {
  areAllWell,
  collectFindings,
  type Finding,
  type Findings,
  printFinding,
} from '../../../app/osm/tracing/findings/finding.ts'
import { parseServiceName, type ServiceName } from '../../../app/osm/tracing/verify/service-choice.ts'
import { verifyTracing } from '../../../app/osm/tracing/verify/verify-tracing.ts'
import { createIdSource } from '../../../runtime/random-ids.ts'
import { durationOption } from '../flag-options.ts'
import { type FormatFlags, jsonText, outputOption } from '../output-format.ts'
import { type CommandContext, withCluster } from '../with-cluster.ts'

interface QueryFlags extends FormatFlags {
  readonly queryUrl?: string
}

interface VerifyFlags extends QueryFlags {
  readonly service?: ServiceName
  readonly path: string
  readonly timeout: number
}

/** `osm tracing verify` */
export function verifyTracingCommand(): Command {
  return new Command('verify')
    .description('Send a request through a sidecar of the mesh, and look for its trace.')
    .addOption(
      new Option('--service <namespace/name:port>', 'where to (default: a Service of the mesh)').argParser(
        parseService,
      ),
    )
    .addOption(new Option('--path <path>', 'what to ask it for').argParser(parsePath).default('/'))
    .addOption(queryOption())
    .addOption(
      durationOption('--timeout <duration>', 'how long to wait for the trace').default(30_000, '30s'),
    )
    .addOption(outputOption())
    .addHelpText(
      'after',
      '\nExit codes: 0 the trace was found; 1 it was not, the last step says why; 2 a wrong flag.',
    )
    .action((flags: VerifyFlags, command: Command) =>
      answer(command, flags, ({ cluster, flags: { osmNamespace } }) =>
        verifyTracing({
          cluster,
          meshNamespace: osmNamespace,
          ids: createIdSource(),
          path: flags.path,
          signal: AbortSignal.timeout(flags.timeout),
          ...(flags.service === undefined ? {} : { service: flags.service }),
          ...(flags.queryUrl === undefined ? {} : { queryUrl: flags.queryUrl }),
        }),
      ),
    )
}

/** `osm tracing explain` */
export function explainTracingCommand(): Command {
  return new Command('explain')
    .description('Say step by step why there is no trace of a pod, up to the first step that fails.')
    .argument('<pod>', 'name of the pod')
    .option('-n, --namespace <namespace>', 'namespace of the pod', 'default')
    .addOption(queryOption())
    .addOption(outputOption())
    .addHelpText(
      'after',
      '\nExit codes: 0 nothing is wrong; 1 something is, the last step says what; 2 a wrong flag.',
    )
    .action((pod: string, flags: QueryFlags & { readonly namespace: string }, command: Command) =>
      answer(command, flags, ({ cluster, flags: { osmNamespace } }) =>
        explainPod({
          cluster,
          pod,
          namespace: flags.namespace,
          meshNamespace: osmNamespace,
          nowMillis: Date.now(),
          ...(flags.queryUrl === undefined ? {} : { queryUrl: flags.queryUrl }),
        }),
      ),
    )
}

/** Prints each finding when it is known; exits 1 where one is a no. */
async function answer(
  command: Command,
  { output: format }: FormatFlags,
  ask: (context: CommandContext) => Findings,
): Promise<void> {
  await withCluster(command, async context => {
    const { output } = context
    const say = (finding: Finding): void =>
      format === 'json' ? undefined : output.write(printFinding(finding))
    const steps = await collectFindings(ask(context), say)
    const ok = areAllWell(steps)
    if (format === 'json') output.write(jsonText({ ok, steps }))
    if (!ok) process.exitCode = 1
  })
}

function queryOption(): Option {
  return new Option(
    '--query-url <url>',
    'query API of Jaeger to ask for traces (default: Service jaeger-query)',
  ).argParser(text => {
    const url = URL.parse(text)
    if (url?.protocol !== 'http:' && url?.protocol !== 'https:')
      throw new InvalidArgumentError('It takes a URL: http://localhost:16686.')
    return text
  })
}

function parseService(text: string): ServiceName {
  const name = parseServiceName(text)
  if (name === undefined) throw new InvalidArgumentError('It takes NAMESPACE/NAME or NAMESPACE/NAME:PORT.')
  return name
}

/** As it stands in the first line of a request. */
function parsePath(text: string): string {
  if (!/^\/[!-~]*$/.test(text))
    throw new InvalidArgumentError('It takes a path that begins with "/", encoded as in a URL.')
  return text
}
