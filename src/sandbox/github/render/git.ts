import { treeOf } from "../Git.ts"
import type { Commit, Files, Repository } from "../State.ts"
import { shaOf } from "../State.ts"
import { botOf } from "./user.ts"
import { time } from "./time.ts"

const gitUrl = (base: string, { fullName }: Repository) => `${base}/repos/${fullName}/git`

export const ref = (base: string, repository: Repository, branch: string, sha: string) => {
  const git = gitUrl(base, repository)
  return {
    ref: `refs/heads/${branch}`,
    node_id: `REF_${sha}`,
    url: `${git}/refs/${encodeURI(`heads/${branch}`)}`,
    object: { type: "commit", sha, url: `${git}/commits/${sha}` }
  }
}

export const tree = (base: string, repository: Repository, sha: string, files: Files) => ({
  sha,
  url: `${gitUrl(base, repository)}/trees/${sha}`,
  truncated: false,
  tree: [...files].map(([path, content]) => ({
    path,
    mode: "100644",
    type: "blob",
    sha: shaOf(path + content),
    size: Buffer.byteLength(content),
    url: `${gitUrl(base, repository)}/blobs/${shaOf(path + content)}`
  }))
})

/** A commit; one that was not made here is the repository's own. */
export const commit = (base: string, repository: Repository, sha: string) => {
  const made: Commit = repository.commits.get(sha) ?? {
    sha,
    tree: treeOf(repository, sha),
    parents: [],
    message: "Add the project",
    at: repository.createdAt
  }
  const git = gitUrl(base, repository)
  const html = `${base}/${repository.fullName}/commit`
  const author = { name: botOf(repository), email: "bot@users.noreply.github.test", date: time(made.at) }
  return {
    sha,
    node_id: `C_${sha}`,
    url: `${git}/commits/${sha}`,
    html_url: `${html}/${sha}`,
    author,
    committer: author,
    message: made.message,
    tree: { sha: made.tree, url: `${git}/trees/${made.tree}` },
    parents: made.parents.map((parent) => ({
      sha: parent,
      url: `${git}/commits/${parent}`,
      html_url: `${html}/${parent}`
    })),
    verification: { verified: true, reason: "valid", signature: null, payload: null, verified_at: null }
  }
}
