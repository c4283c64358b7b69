import type { Command } from 'commander'
import type { ClusterFlags } from '../../app/osm/cluster.ts'

/** Flags that every command takes, before or after its name. */
export interface GlobalFlags extends ClusterFlags {
  /** Of the control plane. */
  readonly osmNamespace: string
  readonly verbose?: true
}

export function addGlobalFlags(program: Command, defaultNamespace: string): Command {
  return program
    .option('--osm-namespace <namespace>', 'namespace of the control plane', defaultNamespace)
    .option('--kubeconfig <file>', 'which kubeconfig to use (default: $KUBECONFIG, or ~/.kube/config)')
    .option('--context <name>', 'which context of the kubeconfig to use (default: the current one)')
    .option('--verbose', 'say more of what is done')
}

/** `command`: the one whose action runs. */
export function globalFlags(command: Command): GlobalFlags {
  return command.optsWithGlobals<GlobalFlags>()
}
