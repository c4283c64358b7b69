import { setTimeout as delay } from 'node:timers/promises'
import type { Running } from './bash.ts'
import { pageCommand } from './page-commands.ts'
import type { World } from './world.ts'

const PAGE = 'http://localhost:16686'

/** Types the page's port-forward. Another program may have the port for a moment: the page leaves no choice. */
export async function forwardThePage(world: World, namespace = 'osm-system'): Promise<Running> {
  const commands = `K8S_NAMESPACE=${namespace}\n${pageCommand('forward the port of the page')}`
  for (let tries = 1; ; tries++) {
    const forward = world.start(commands)
    const printed = await forward.prints(/Forwarding from 127\.0\.0\.1:16686 -> 16686|address already in use/)
    if (!printed.includes('already in use')) return forward
    await forward.end()
    if (tries === 60) throw new Error(`port 16686 of this machine is in use: ${printed}`)
    await delay(1000)
  }
}

/** What a browser gets there: the page, and the services that its `Service` offers. */
export async function lookAtThePage(
  world: World,
  options: { readonly namespace?: string; readonly until?: readonly string[] } = {},
): Promise<{ readonly html: string; readonly services: readonly string[] }> {
  const forward = await forwardThePage(world, options.namespace)
  try {
    const html = await (await fetch(`${PAGE}/`)).text()
    for (const deadline = Date.now() + 30_000; ; await delay(200)) {
      const { data: services } = (await (await fetch(`${PAGE}/api/services`)).json()) as { data: string[] }
      const complete = options.until?.every(service => services.includes(service)) ?? true
      if (complete || Date.now() > deadline) return { html, services }
    }
  } finally {
    await forward.end()
  }
}
