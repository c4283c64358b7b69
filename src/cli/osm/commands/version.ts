import { Command } from 'commander'
import { packageVersion } from '../../../app/package-root.ts'

export function versionCommand(): Command {
  return new Command('version').description('Print the version of this command line.').action(() => {
    console.log(`CLI Version: ${packageVersion()} (Node ${process.versions.node})`)
  })
}
