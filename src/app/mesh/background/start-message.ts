/** What the background process tells the one that started it, over the channel between them. */
export type StartMessage =
  | { readonly status: 'step'; readonly step: string }
  | { readonly status: 'ready'; readonly apiUrl: string }

/** Says it to whoever started this process in the background, if somebody did and still listens. */
export function tellStarter(message: StartMessage): void {
  if (process.send === undefined || !process.connected) return
  process.send(message, () => undefined)
}

/** Whether somebody started this process in the background. */
export function isStartedInBackground(): boolean {
  return process.send !== undefined
}

export function parseStartMessage(value: unknown): StartMessage | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { status, step, apiUrl }: { status?: unknown; step?: unknown; apiUrl?: unknown } = value
  if (status === 'step' && typeof step === 'string') return { status, step }
  if (status === 'ready' && typeof apiUrl === 'string') return { status, apiUrl }
  return undefined
}
