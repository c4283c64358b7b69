import { Command } from 'commander'
import { namespaceAddCommand } from './namespace-add.ts'
import { namespaceIgnoreCommand } from './namespace-ignore.ts'
import { namespaceListCommand } from './namespace-list.ts'
import { namespaceRemoveCommand } from './namespace-remove.ts'

export function namespaceCommand(): Command {
  return new Command('namespace')
    .alias('ns')
    .description('Say which namespaces belong to a mesh.')
    .addCommand(namespaceAddCommand())
    .addCommand(namespaceRemoveCommand())
    .addCommand(namespaceIgnoreCommand())
    .addCommand(namespaceListCommand())
}
