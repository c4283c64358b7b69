import type { Output } from '../../app/osm/output.ts'

/** Results to stdout, all else to stderr. */
export function terminalOutput(verbose = false): Output {
  return {
    write: text => void process.stdout.write(text),
    note: text => void process.stderr.write(text),
    debug: line => void (verbose && process.stderr.write(`[debug] ${line}\n`)),
  }
}
