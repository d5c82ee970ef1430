import { type Commit, type Files, type Repository, shaOf } from "./State.ts"

const assumed = (sha: string) => shaOf(`tree of ${sha}`)

export const treeOf = ({ commits }: Repository, commit: string) =>
  commits.get(commit)?.tree ?? assumed(commit)

const isHead = ({ branches }: Repository, sha: string) => [...branches.values()].includes(sha)

export const hasCommit = (repository: Repository, sha: string) =>
  repository.commits.has(sha) || isHead(repository, sha)

/** The files of a commit; null: there is no such commit. */
export const filesOf = (repository: Repository, commit: string): Files | null => {
  const known = repository.commits.get(commit)
  if (known !== undefined) return repository.trees.get(known.tree) ?? repository.files
  return isHead(repository, commit) ? repository.files : null
}

/** The files of a tree; null: there is no such tree. */
export const filesOfTree = (repository: Repository, tree: string): Files | null =>
  repository.trees.get(tree) ??
  ([...repository.branches.values()].some((sha) => treeOf(repository, sha) === tree)
    ? repository.files
    : null)

export const addTree = (repository: Repository, files: Files) => {
  const sha = shaOf(JSON.stringify([...files].toSorted(([a], [b]) => (a < b ? -1 : 1))))
  repository.trees.set(sha, files)
  return sha
}

export const addCommit = (
  repository: Repository,
  { at, message, parents, tree }: Omit<Commit, "sha">
): Commit => {
  const commit = { sha: shaOf(JSON.stringify([tree, parents, message, at])), tree, parents, message, at }
  repository.commits.set(commit.sha, commit)
  return commit
}

/** Whether `sha` comes after `earlier`, or is it. */
export const descends = ({ commits }: Repository, sha: string, earlier: string): boolean => {
  const seen = new Set<string>()
  const pending = [sha]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (next === earlier) return true
    if (seen.has(next)) continue
    seen.add(next)
    pending.push(...(commits.get(next)?.parents ?? []))
  }
  return false
}
