/** What `kubectl logs` shows: bare lines, which scripts match exactly, and levelled ones for people. */
export interface Journal {
  print(line: string): void
  info(message: string): void
  error(message: string): void
}

/** `write` receives text without the line end. */
export const openJournal = (component: string, write: (text: string) => void): Journal => ({
  print: write,
  info: message => write(`INF ${message} component=${component}`),
  error: message => write(`ERR ${message} component=${component}`),
})
