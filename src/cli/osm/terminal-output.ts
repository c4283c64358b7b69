import type { Output } from '../../app/osm/output.ts'

/** Results to stdout, all else to stderr. */
export function terminalOutput(verbose = false): Output {
  endWithReaders()
  return {
    write: text => void process.stdout.write(text),
    note: text => void process.stderr.write(text),
    debug: line => void (verbose && process.stderr.write(`[debug] ${line}\n`)),
  }
}

/** Whoever reads no more, as `head` does, is no failure of ours; unless a command has its own end for that. */
function endWithReaders(): void {
  for (const stream of [process.stdout, process.stderr])
    if (stream.listenerCount('error') === 0) stream.on('error', () => process.exit(0))
}
