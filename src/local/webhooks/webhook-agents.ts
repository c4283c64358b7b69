import { Agent } from 'node:https'

/** More webhooks than this are called over connections that are made anew. */
const MOST_AGENTS = 64
/** Calls beyond wait for a connection, within their time. */
const MOST_CONNECTIONS = 64
const MOST_IDLE_CONNECTIONS = 4
const IDLE_MILLIS = 60_000

export interface WebhookAgents {
  /** The connections that are kept for who is reached and trusted in this way. */
  take(key: string, authorities: readonly string[] | undefined): Agent
  /** Cuts all connections. */
  close(): void
}

export function createWebhookAgents(): WebhookAgents {
  /** The one that was not used for the longest time comes first. */
  const agents = new Map<string, Agent>()

  return {
    take(key, authorities) {
      const agent = agents.get(key) ?? createAgent(authorities)
      agents.delete(key)
      agents.set(key, agent)
      const [oldest] = agents
      if (agents.size > MOST_AGENTS && oldest !== undefined) {
        agents.delete(oldest[0])
        retire(oldest[1])
      }
      return agent
    },
    close() {
      for (const agent of agents.values()) agent.destroy()
      agents.clear()
    },
  }
}

function createAgent(authorities: readonly string[] | undefined): Agent {
  return new Agent({
    keepAlive: true,
    maxSockets: MOST_CONNECTIONS,
    maxFreeSockets: MOST_IDLE_CONNECTIONS,
    timeout: IDLE_MILLIS,
    ...(authorities === undefined ? {} : { ca: [...authorities] }),
  })
}

/** Lets calls come to their end, and keeps no connection afterwards. */
function retire(agent: Agent): void {
  agent.maxFreeSockets = 0
  for (const sockets of Object.values(agent.freeSockets)) for (const socket of sockets ?? []) socket.destroy()
}
