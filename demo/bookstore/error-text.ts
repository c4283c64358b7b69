/**
 * The innermost reason of an error in words: `fetch` and aborted requests keep it in `cause`,
 * and a refused connection to a name with several addresses comes as an AggregateError without a message.
 */
export const errorText = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  if (error instanceof AggregateError && error.errors.length > 0) return errorText(error.errors[0])
  if (error.cause instanceof Error) return errorText(error.cause)
  return error.message || error.name
}
