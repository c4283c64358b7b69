import type { KubeClient } from '../../../kube/client.ts'
import type { InstallValues } from '../../../mesh/install/install-values.ts'
import { type InstallComponent, renderComponents } from '../../../mesh/install/render-install.ts'
import { KisekiError, messageOf } from '../../../model/errors.ts'
import type { KubeObject } from '../../../model/kubernetes.ts'
import { listMeshes } from '../meshes.ts'
import type { Output } from '../output.ts'
import { applyComponents, removeCreated } from './apply-components.ts'
import { awaitDeployments } from './await-deployments.ts'
import { awaitNamespace } from './await-namespace.ts'
import { preinstallProblems } from './preinstall-checks.ts'

export interface InstallOptions {
  readonly client: KubeClient
  readonly values: InstallValues
  readonly output: Output
  /** Somebody wants it to end: Ctrl-C. */
  readonly signal: AbortSignal
  /** For all of it; absent: no limit. */
  readonly timeoutMillis?: number
  /** Takes away what was created when not all of it comes to be. */
  readonly atomic: boolean
}

/** Creates a mesh through the API and waits until it is ready. Throws with the component and the reason. */
export async function installMesh(options: InstallOptions): Promise<void> {
  const { client, values, output, atomic } = options
  const problems = preinstallProblems(values, await listMeshes(client))
  if (problems.length > 0) {
    throw new KisekiError('KISEKI_ALREADY_EXISTS', problems.join('\n'), {
      remedy: 'See `osm mesh list`; `osm uninstall mesh` removes one.',
    })
  }
  const created: KubeObject[] = []
  try {
    await createMesh(options, created)
  } catch (error) {
    if (atomic) await rollBack(client, created, output)
    throw error
  }
  output.write(
    `OSM installed successfully in namespace [${values.meshNamespace}] with mesh name [${values.meshName}]\n`,
  )
}

async function createMesh(options: InstallOptions, created: KubeObject[]): Promise<void> {
  const { client, values, output, timeoutMillis } = options
  const deadline = timeoutMillis === undefined ? [] : [AbortSignal.timeout(timeoutMillis)]
  const signal = AbortSignal.any([options.signal, ...deadline])
  const components = renderComponents(values)
  let at: InstallComponent | undefined
  const said = (line: string) => output.note(`${line}\n`)
  try {
    await awaitNamespace(client, values.meshNamespace, { signal, said })
    await applyComponents({
      client,
      components,
      signal,
      applied(object, outcome) {
        if (outcome === 'created') created.push(object)
        output.debug(`${object.kind}/${object.metadata.name} ${outcome}`)
      },
      begun(component) {
        at = component
        if (deploymentsOf(component).length > 0) said(`${component.name} is being deployed ...`)
      },
    })
  } catch (error) {
    throw signal.aborted
      ? unfinished(options, [`${at?.name ?? 'namespace'} was not yet created`])
      : notCreated(at, error)
  }
  const unready = await awaitDeployments({
    client,
    namespace: values.meshNamespace,
    names: components.flatMap(deploymentsOf),
    signal,
    said,
  })
  if (unready.length > 0) throw unfinished(options, unready)
}

function deploymentsOf({ objects }: InstallComponent): readonly string[] {
  return objects.filter(({ kind }) => kind === 'Deployment').map(({ metadata }) => metadata.name)
}

function notCreated(component: InstallComponent | undefined, cause: unknown): KisekiError {
  const remedy = cause instanceof KisekiError ? { remedy: cause.remedy } : {}
  const code = cause instanceof KisekiError ? cause.code : 'KISEKI_API_FAILED'
  return new KisekiError(
    code,
    `${component?.name ?? 'namespace'} could not be created: ${messageOf(cause)}`,
    {
      ...remedy,
      cause,
    },
  )
}

function unfinished({ signal, timeoutMillis = 0 }: InstallOptions, lines: readonly string[]): KisekiError {
  const ready = `the mesh did not become ready within ${timeoutMillis / 1000} s`
  const what = signal.aborted ? interruptionText(signal) : ready
  return new KisekiError('KISEKI_TIMEOUT', [what, ...lines].join('\n  '), {
    remedy:
      'See `kubectl get pods` and `kubectl describe pod` in the namespace of the mesh; `osm uninstall mesh` removes what is there, --timeout gives more time.',
  })
}

/** Whoever called may have a limit of its own. */
function interruptionText({ reason }: AbortSignal): string {
  const isLate = reason instanceof DOMException && reason.name === 'TimeoutError'
  return isLate ? 'the mesh did not become ready in time' : 'the installation was interrupted'
}

/** What it cannot take away is said, and hides not why the installation failed. */
async function rollBack(client: KubeClient, created: readonly KubeObject[], output: Output): Promise<void> {
  output.note('rolling back: removing what was created ...\n')
  try {
    await removeCreated(client, created)
  } catch (error) {
    output.note(`rolling back failed: ${messageOf(error)}\n`)
  }
}
