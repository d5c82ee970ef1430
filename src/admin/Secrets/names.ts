import type { Secret, SecretSet } from "../../domain/Secrets.ts"
import type { AppSecret } from "../../upstreams/fly/Fly.ts"
import type { TeamKey } from "../../domain/Ids.ts"

/** Null: of all teams. */
export type Scope = TeamKey | null

export const storedName = (name: string, scope: Scope) => (scope === null ? name : `${scope}_${name}`)

/** The team whose prefix, in any case, a name begins with; prefixes of mapped teams never overlap. */
export const teamOf = (name: string, teamKeys: ReadonlyArray<string>) =>
  teamKeys.find((key) => name.toUpperCase().startsWith(`${key}_`)) ?? null

/** The stored secret of that name in the scope: as it is written here, else as another program wrote its prefix. */
export const storedAs = (name: string, scope: Scope, stored: ReadonlyArray<string>) =>
  stored.find((each) => each === storedName(name, scope)) ??
  stored.find(
    (each) => scope !== null && teamOf(each, [scope]) !== null && each.slice(scope.length + 1) === name
  ) ??
  null

const newestFirst = (a: AppSecret, b: AppSecret) =>
  (b.createdAt?.epochMilliseconds ?? 0) - (a.createdAt?.epochMilliseconds ?? 0) || (a.name < b.name ? -1 : 1)

/** The secrets of a scope as an operator sees them; machines receive the `managed` ones. */
export const secretsOf = (
  scope: Scope,
  listed: ReadonlyArray<AppSecret>,
  teamKeys: ReadonlyArray<string>,
  managed: ReadonlySet<string>
): ReadonlyArray<Secret> =>
  listed
    .filter(({ name }) => teamOf(name, teamKeys) === scope)
    .toSorted(newestFirst)
    .map(({ createdAt, digest, name, updatedAt }) => ({
      name: scope === null ? name : name.slice(scope.length + 1),
      digest,
      ...(createdAt !== null && { createdAt }),
      ...(updatedAt !== null && { updatedAt }),
      unmanaged: !managed.has(name)
    }))

export const secretSet = (name: string): SecretSet =>
  /^\d/.test(name)
    ? {
        name,
        warning: `${name} begins with a digit: a shell cannot read a variable of that name. Programs that look it up by name can.`
      }
    : { name }
