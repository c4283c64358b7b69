/** Letters that no shell takes for anything but themselves. */
const PLAIN = /^[\w@%+=:,./-]+$/

/** A text as a person can paste it into a shell (POSIX.1-2024, Shell Command Language, 2.2.2). */
export function shellText(text: string): string {
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
