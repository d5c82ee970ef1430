import * as Effect from "effect/Effect"
import { grants } from "../Auth.ts"
import { notFound, Refused } from "../errors.ts"
import { addCommit, addTree, descends, filesOfTree, hasCommit } from "../Git.ts"
import { commit, ref, tree } from "../render/git.ts"
import { type Handler, textOf } from "./Handler.ts"

interface Entry {
  readonly path: string
  readonly mode?: string
  readonly content?: string
  readonly sha?: string | null
}

const workflows = ".github/workflows/"

const branchOf = (name: string) => name.replace(/^(?:refs\/)?heads\//, "")

const noCommit = new Refused({ status: 422, message: "Object does not exist" })

export const git = {
  "git/get-ref": {
    by: "repository",
    needs: ["contents", "read"],
    handle: Effect.fnUntraced(function* ({ base, parameters, repository }) {
      const branch = branchOf(textOf(parameters, "ref") ?? "")
      const sha = repository.branches.get(branch)
      return sha === undefined ? yield* notFound : { status: 200, body: ref(base, repository, branch, sha) }
    })
  },
  "git/create-ref": {
    by: "repository",
    needs: ["contents", "write"],
    handle: Effect.fnUntraced(function* ({ base, body, pulls, repository }) {
      const branch = branchOf(String(body["ref"]))
      const sha = String(body["sha"])
      if (!hasCommit(repository, sha)) return yield* noCommit
      if (repository.branches.has(branch)) {
        return yield* new Refused({ status: 422, message: "Reference already exists" })
      }
      yield* pulls.push(repository, branch, sha)
      return { status: 201, body: ref(base, repository, branch, sha) }
    })
  },
  "git/update-ref": {
    by: "repository",
    needs: ["contents", "write"],
    handle: Effect.fnUntraced(function* ({ base, body, parameters, pulls, repository }) {
      const branch = branchOf(textOf(parameters, "ref") ?? "")
      const sha = String(body["sha"])
      const before = repository.branches.get(branch)
      if (before === undefined) {
        return yield* new Refused({ status: 422, message: "Reference does not exist" })
      }
      if (!hasCommit(repository, sha)) return yield* noCommit
      if (body["force"] !== true && !descends(repository, sha, before)) {
        return yield* new Refused({ status: 422, message: "Update is not a fast forward" })
      }
      yield* pulls.push(repository, branch, sha)
      return { status: 200, body: ref(base, repository, branch, sha) }
    })
  },
  "git/get-commit": {
    by: "repository",
    needs: ["contents", "read"],
    handle: Effect.fnUntraced(function* ({ base, parameters, repository }) {
      const sha = textOf(parameters, "commit_sha") ?? ""
      return hasCommit(repository, sha)
        ? { status: 200, body: commit(base, repository, sha) }
        : yield* notFound
    })
  },
  "git/create-tree": {
    by: "repository",
    needs: ["contents", "write"],
    handle: Effect.fnUntraced(function* ({ base, body, repository, token }) {
      const entries = body["tree"] as ReadonlyArray<Entry>
      const under =
        body["base_tree"] === undefined ? new Map() : filesOfTree(repository, String(body["base_tree"]))
      if (under === null) return yield* notFound
      if (
        entries.some(({ path }) => path.startsWith(workflows)) &&
        !grants(token.permissions, "workflows", "write")
      ) {
        return yield* new Refused({
          status: 403,
          message: "Resource not accessible by integration",
          headers: { "x-accepted-github-permissions": "contents=write; workflows=write" }
        })
      }
      const files = new Map(under)
      for (const { content, path, sha } of entries) {
        if (content !== undefined) files.set(path, content)
        else if (sha === null) files.delete(path)
        else return yield* new Refused({ status: 422, message: "tree.sha is not modelled" })
      }
      const made = addTree(repository, files)
      return { status: 201, body: tree(base, repository, made, files) }
    })
  },
  "git/create-commit": {
    by: "repository",
    needs: ["contents", "write"],
    handle: Effect.fnUntraced(function* ({ base, body, now, repository }) {
      const parents = (body["parents"] as ReadonlyArray<string> | undefined) ?? []
      const root = String(body["tree"])
      if (filesOfTree(repository, root) === null || !parents.every((sha) => hasCommit(repository, sha))) {
        return yield* new Refused({ status: 422, message: "Tree SHA does not exist" })
      }
      const made = addCommit(repository, { tree: root, parents, message: String(body["message"]), at: now })
      return { status: 201, body: commit(base, repository, made.sha) }
    })
  }
} satisfies Record<string, Handler>
