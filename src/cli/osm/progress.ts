/** Says each step when it is done, with the time since the start. Goes to stderr: stdout is for results. */
export interface Progress {
  readonly done: (step: string) => void
}

export function createProgress(
  write: (line: string) => void = line => void process.stderr.write(line),
): Progress {
  const started = performance.now()
  return {
    done(step) {
      const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(5)
      write(`${seconds} s  ${step}\n`)
    },
  }
}
