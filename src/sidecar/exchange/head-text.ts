import type { MessageHead } from '../http/message-head.ts'

/** The head of a request as it goes on, with the trace headers that belong to it now. */
export function headText(head: MessageHead, traceLines: string): string {
  return `${head.startLine}${head.kept}${traceLines}${hopLines(head)}\r\n`
}

/** What is said about this one connection, and was taken out of the head that came. */
function hopLines(head: MessageHead): string {
  if (head.upgrade !== '') return upgradeLines(head.upgrade)
  return head.takesTrailers ? 'te: trailers\r\nconnection: te\r\n' : ''
}

function upgradeLines(upgrade: string): string {
  return `connection: upgrade\r\nupgrade: ${upgrade}\r\n`
}

export function responseText(head: MessageHead, lines: string, close: boolean): string {
  return `${head.startLine}${head.kept}${lines}${close ? 'connection: close\r\n\r\n' : '\r\n'}`
}

/** 100 Continue, 103 Early Hints and the like. */
export function interimText(head: MessageHead): string {
  return `${head.startLine}${head.kept}\r\n`
}

export function switchText(head: MessageHead, lines: string): string {
  return `${head.startLine}${head.kept}${lines}${upgradeLines(head.upgrade)}\r\n`
}
