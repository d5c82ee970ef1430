import * as Effect from "effect/Effect"
import { notFound } from "../errors.ts"
import { comment as renderComment } from "../render/comment.ts"
import { user } from "../render/user.ts"
import type { Role } from "../State.ts"
import { type Handler, textOf } from "./Handler.ts"

const permissionOf = (role: Role | undefined) => {
  switch (role) {
    case "maintain":
      return "write"
    case "triage":
      return "read"
    case undefined:
      return "none"
  }
  return role
}

export const people = {
  "issues/get-comment": {
    by: "repository",
    needs: [["issues", "pull_requests"], "read"],
    handle: Effect.fnUntraced(function* ({ base, parameters, repository }) {
      const found = repository.comments.find(({ id }) => id === parameters["comment_id"])
      if (found === undefined) return yield* notFound
      return { status: 200, body: renderComment(base, found) }
    })
  },
  "repos/get-collaborator-permission-level": {
    by: "repository",
    needs: ["metadata", "read"],
    handle: ({ base, parameters, repository }) =>
      Effect.sync(() => {
        const login = textOf(parameters, "username") ?? ""
        const role = repository.collaborators.get(login)
        const role_name = role ?? "none"
        const permission = permissionOf(role)
        return {
          status: 200,
          body: {
            permission,
            role_name,
            user: {
              ...user(base, login, "User"),
              role_name,
              permissions: {
                pull: permission !== "none",
                triage: role !== undefined && role !== "read",
                push: permission === "write" || permission === "admin",
                maintain: role === "maintain" || role === "admin",
                admin: role === "admin"
              }
            }
          }
        }
      })
  }
} satisfies Record<string, Handler>
