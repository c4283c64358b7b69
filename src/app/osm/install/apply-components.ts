import { setTimeout as delay } from 'node:timers/promises'
import { type Applied, applyObject, nameOf } from '../../../kube/apply.ts'
import type { KubeClient } from '../../../kube/client.ts'
import { failedWith, unlessAbsent } from '../../../kube/kube-errors.ts'
import { resourceOf } from '../../../kube/resource-registry.ts'
import type { InstallComponent } from '../../../mesh/install/render-install.ts'
import type { KubeObject } from '../../../model/kubernetes.ts'

export interface ApplyOptions {
  readonly client: KubeClient
  readonly components: readonly InstallComponent[]
  readonly signal: AbortSignal
  /** Told of each object as soon as it is as it should be. */
  readonly applied: (object: KubeObject, outcome: Applied<KubeObject>['outcome']) => void
  /** Told of each component before its first object. */
  readonly begun: (component: InstallComponent) => void
}

/** One object after the other. Throws what the API says, and the reason of the signal when that comes first. */
export async function applyComponents(options: ApplyOptions): Promise<void> {
  const { client, components, signal, applied, begun } = options
  for (const component of components) {
    begun(component)
    for (const object of component.objects) {
      signal.throwIfAborted()
      const { outcome } = await applyWhenKnown(client, object, signal)
      applied(object, outcome)
    }
  }
}

/** The API needs a moment to know a kind whose definition was just created. */
const KNOWN_WITHIN_MILLIS = 10_000
const ASK_AGAIN_MILLIS = 100

async function applyWhenKnown(
  client: KubeClient,
  object: KubeObject,
  signal: AbortSignal,
): Promise<Applied<KubeObject>> {
  const until = performance.now() + KNOWN_WITHIN_MILLIS
  for (;;) {
    try {
      return await applyObject(client, resourceOf(object), object)
    } catch (error) {
      if (!failedWith(error, 'KISEKI_NOT_FOUND') || performance.now() > until) throw error
      await delay(ASK_AGAIN_MILLIS, undefined, { signal })
    }
  }
}

/** Takes away what was created, the last first. Who is gone already does not matter. */
export async function removeCreated(client: KubeClient, created: readonly KubeObject[]): Promise<void> {
  for (const object of created.toReversed())
    await unlessAbsent(client.remove(resourceOf(object), nameOf(object)))
}
