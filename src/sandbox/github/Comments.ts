import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { type Comment, type PullRequest, type State, emit } from "./State.ts"

export const makeComments = (state: State) => {
  const write = Effect.fnUntraced(function* (pull: PullRequest, author: string, body: string) {
    const now = yield* Clock.currentTimeMillis
    const comment: Comment = { id: state.nextId++, pull, author, body, createdAt: now, updatedAt: now }
    pull.repository.comments.push(comment)
    emit(state, { _tag: "comment", action: "created", comment })
    return comment
  })

  const edit = Effect.fnUntraced(function* (comment: Comment, body: string, millis?: number) {
    const before = comment.body
    const updatedAt = millis === undefined ? yield* Clock.currentTimeMillis : comment.createdAt + millis
    Object.assign(comment, { body, updatedAt })
    emit(state, { _tag: "comment", action: "edited", comment, before })
    return comment
  })

  return { write, edit }
}

export type Comments = ReturnType<typeof makeComments>
