import { styleText } from 'node:util'
import { Command } from 'commander'
import { type CheckStatus, printCheck } from '../../../app/osm/verify/check-result.ts'
import { checkControlPlane } from '../../../app/osm/verify/control-plane-health.ts'
import { withCluster } from '../with-cluster.ts'

export function verifyCommand(): Command {
  const controlPlane = new Command('control-plane-health')
    .description('Look whether the control plane runs and answers; exits 1 where it does not.')
    .action(async (_flags: unknown, command: Command) => {
      await withCluster(command, async ({ cluster, output, flags }) => {
        const result = await checkControlPlane(cluster, flags.osmNamespace)
        output.write(printCheck(result, painted))
        if (result.status !== 'Success') process.exitCode = 1
      })
    })
  return new Command('verify').description('Look whether a mesh works.').addCommand(controlPlane)
}

const COLOURS = { Success: 'green', Failure: 'red', Unknown: 'yellow' } as const

/** Only where somebody looks at it, and wants colours. */
function painted(status: CheckStatus): string {
  const plain = !process.stdout.isTTY || process.env['NO_COLOR'] !== undefined
  return plain ? status : styleText(COLOURS[status], status)
}
