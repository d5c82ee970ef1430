import { identity } from "effect/Function"
import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"

/** Text that an upstream tells, without what PostgreSQL cannot hold: NUL and half surrogate pairs. */
export const Told = Schema.String.pipe(
  Schema.decode(
    SchemaTransformation.transform<string, string>({
      decode: (text) => text.replaceAll("\0", "").toWellFormed(),
      encode: identity
    })
  )
)
