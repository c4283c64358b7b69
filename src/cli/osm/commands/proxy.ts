import { writeFile } from 'node:fs/promises'
import { Command } from 'commander'
import { getFromProxy, PROXY_QUERIES } from '../../../app/osm/proxy-get.ts'
import { KisekiError, messageOf } from '../../../model/errors.ts'
import { unusedPortOption } from '../flag-options.ts'
import { withCluster } from '../with-cluster.ts'

interface GetFlags {
  readonly namespace: string
  readonly file?: string
}

export function proxyCommand(): Command {
  const get = new Command('get')
    .description(`Print what the sidecar of a pod answers: ${PROXY_QUERIES.join(', ')}.`)
    .argument('<query>', 'what to ask for')
    .argument('<pod>', 'name of the pod')
    .option('-n, --namespace <namespace>', 'namespace of the pod', 'default')
    .option('-f, --file <file>', 'write it into a file')
    .addOption(unusedPortOption())
    .action(async (query: string, name: string, { namespace, file }: GetFlags, command: Command) => {
      await withCluster(command, async ({ cluster }) => {
        const answer = await getFromProxy(cluster, query, { name, namespace })
        if (file === undefined) process.stdout.write(answer)
        else await writeAnswer(file, answer)
      })
    })
  return new Command('proxy').description('Look into sidecars.').addCommand(get)
}

async function writeAnswer(file: string, answer: Uint8Array): Promise<void> {
  try {
    await writeFile(file, answer)
  } catch (error) {
    throw new KisekiError('KISEKI_BAD_FLAG', `Error opening file ${file}: ${messageOf(error)}`, {
      remedy: 'Name a file that may be written: --file <file>.',
      cause: error,
    })
  }
}
