import type { KubeClient } from '../../kube/client.ts'
import { createInformer, type InformerOptions } from '../../kube/informer.ts'
import { CONFIG_MAPS, SECRETS } from '../../kube/resources.ts'

/** Tells when a ConfigMap or Secret of a namespace changes. */
export interface ConfigWatch {
  onChange(listener: (namespace: string) => void): () => void
  close(): Promise<void>
}

export function watchConfig(client: KubeClient, options: Pick<InformerOptions, 'logger'>): ConfigWatch {
  const listeners = new Set<(namespace: string) => void>()
  const tell = ({ object }: { readonly object: { readonly metadata: { readonly namespace?: string } } }) => {
    for (const listener of listeners) listener(object.metadata.namespace ?? '')
  }
  const configMaps = createInformer(client, CONFIG_MAPS, options)
  const secrets = createInformer(client, SECRETS, options)
  configMaps.onChange(tell)
  secrets.onChange(tell)
  return {
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async close() {
      listeners.clear()
      await Promise.all([configMaps.close(), secrets.close()])
    },
  }
}

/** Resolves when something in the namespace has changed, or the time is over, or the signal aborts. */
export function configChanged(
  configs: ConfigWatch,
  namespace: string,
  { millis, signal }: { readonly millis: number; readonly signal: AbortSignal },
): Promise<void> {
  return new Promise(resolve => {
    const over = (): void => {
      clearTimeout(timer)
      forget()
      signal.removeEventListener('abort', over)
      resolve()
    }
    const timer = setTimeout(over, millis)
    const forget = configs.onChange(changed => {
      if (changed === namespace) over()
    })
    if (signal.aborted) over()
    else signal.addEventListener('abort', over, { once: true })
  })
}
