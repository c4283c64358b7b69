import { Command } from 'commander'
import { switchMetrics } from '../../../app/osm/metrics.ts'
import { withCluster } from '../with-cluster.ts'

export function metricsCommand(): Command {
  return new Command('metrics')
    .description('Say which namespaces Prometheus scrapes.')
    .addCommand(switchCommand(true))
    .addCommand(switchCommand(false))
}

function switchCommand(enable: boolean): Command {
  return new Command(enable ? 'enable' : 'disable')
    .description(`${enable ? 'Have' : 'Do not have'} Prometheus scrape the sidecars of namespaces.`)
    .requiredOption('--namespace <names>', 'namespaces, separated by commas', namesOf)
    .action(async ({ namespace }: { readonly namespace: readonly string[] }, command: Command) => {
      await withCluster(command, ({ cluster, output }) =>
        switchMetrics({ client: cluster.client, output, namespaces: namespace, enable }),
      )
    })
}

function namesOf(text: string): readonly string[] {
  return text
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '')
}
