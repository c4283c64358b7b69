import { Fragment, type ReactElement } from 'react'

/** Places behind which a name or an address may go on in the next line. */
const JOINT = /(?<=[._/:?&=-])(?=\w)/

/** A text without spaces that breaks at its joints first. It stays one text for who copies it. */
export function Breakable({ text }: { readonly text: string }): ReactElement {
  return (
    <>
      {text.split(JOINT).map((part, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text never change places
        <Fragment key={place}>
          {place > 0 && <wbr />}
          {part}
        </Fragment>
      ))}
    </>
  )
}
