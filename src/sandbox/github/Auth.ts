import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { errors, jwtVerify } from "jose"
import { createPublicKey, randomBytes } from "node:crypto"
import type { Request } from "../Upstream.ts"
import { notFound, Refused } from "./errors.ts"
import { idOf, type Repository, type State } from "./State.ts"

export type Permissions = Readonly<Record<string, string>>

export interface AppOptions {
  readonly appId: number
  readonly key: string
  readonly slug?: string
  readonly permissions?: Permissions
  /** `owner/repo` of what the app is installed on; all when absent. */
  readonly repositories?: ReadonlyArray<string>
}

export interface App {
  readonly appId: number
  readonly slug: string
  permissions: Permissions
  /** `owner/repo` of what it is installed on; all when null. */
  repositories: ReadonlyArray<string> | null
  readonly key: ReturnType<typeof createPublicKey>
  readonly createdAt: number
}

export interface NewApp {
  readonly slug: string
  readonly key: string
  readonly permissions: Permissions
  readonly createdAt: number
}

export type Installing = Partial<Pick<App, "permissions" | "repositories">>

export interface Installation {
  readonly id: number
  readonly app: App
  readonly owner: string
  readonly repositories: ReadonlyArray<Repository>
}

export interface Token {
  readonly value: string
  readonly expiresAt: number
  readonly installation: Installation
  readonly permissions: Permissions
  readonly repositories: ReadonlyArray<Repository>
  readonly selected: boolean
}

const tokenLifetime = 60 * 60 * 1000
const levels = ["read", "write", "admin"]

const usual: Permissions = {
  actions: "write",
  checks: "read",
  contents: "write",
  issues: "write",
  metadata: "read",
  pull_requests: "write",
  secrets: "read",
  workflows: "write"
}

export const grants = (permissions: Permissions, name: string, level: string) =>
  name === "metadata" || levels.indexOf(permissions[name] ?? "") >= levels.indexOf(level)

const sees = ({ repositories }: App, { fullName }: Repository) =>
  repositories === null || repositories.some((name) => name.toLowerCase() === fullName.toLowerCase())

const credentialOf = (request: Request) =>
  /^(?:bearer|token)\s+(\S+)$/i.exec(request.headers["authorization"] ?? "")?.[1]

const unauthorized = (message: string) => new Refused({ status: 401, message })

const refusedClaim = (cause: unknown) => {
  if (
    cause instanceof errors.JWTExpired ||
    (cause instanceof errors.JWTClaimValidationFailed && cause.claim === "exp")
  ) {
    return unauthorized(
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires"
    )
  }
  return unauthorized("A JSON web token could not be decoded")
}

/** Apps prove themselves with a JWT, installations with the narrowed tokens that apps ask for. */
export const makeAuth = (state: State, options: ReadonlyArray<AppOptions>, createdAt: number) => {
  const tokens = new Map<string, Token>()
  const apps = options.map((option): App => ({
    appId: option.appId,
    slug: option.slug ?? `app-${option.appId}`,
    permissions: option.permissions ?? usual,
    repositories: option.repositories ?? null,
    key: createPublicKey(option.key),
    createdAt
  }))

  const create = ({ key, ...app }: NewApp) => {
    const created: App = {
      ...app,
      appId: Math.max(0, ...apps.map(({ appId }) => appId)) + 1,
      repositories: [],
      key: createPublicKey(key)
    }
    apps.push(created)
    return created
  }

  const install = (to: Installing, only?: App) => {
    for (const app of only === undefined ? apps : [only]) Object.assign(app, to)
    for (const { installation, repositories, value } of tokens.values()) {
      if (!repositories.every((repository) => sees(installation.app, repository))) tokens.delete(value)
    }
  }

  const installationOf = (app: App, owner: string): Installation | undefined => {
    const repositories = [...state.repositories.values()].filter(
      (repository) => repository.owner.toLowerCase() === owner.toLowerCase() && sees(app, repository)
    )
    const [first] = repositories
    return first && { id: idOf(`${app.appId}/${first.owner}`), app, owner: first.owner, repositories }
  }

  const installationById = (app: App, id: number) =>
    [...new Set([...state.repositories.values()].map(({ owner }) => owner))]
      .map((owner) => installationOf(app, owner))
      .find((installation) => installation?.id === id)

  const installed = (repository: Repository) =>
    apps.filter((app) => sees(app, repository)).map((app) => installationOf(app, repository.owner))[0]

  const verifyApp = Effect.fnUntraced(function* (request: Request) {
    const credential = credentialOf(request)
    if (credential === undefined) return yield* unauthorized("Requires authentication")
    const issuer = issuerOf(credential)
    if (issuer === undefined) return yield* unauthorized("A JSON web token could not be decoded")
    const app = apps.find(({ appId }) => String(appId) === issuer)
    if (app === undefined) return yield* new Refused({ status: 404, message: "Integration not found" })
    const now = yield* Clock.currentTimeMillis
    const { payload } = yield* Effect.tryPromise({
      try: () =>
        jwtVerify(credential, app.key, {
          algorithms: ["RS256"],
          currentDate: DateTime.toDateUtc(DateTime.makeUnsafe(now)),
          requiredClaims: ["exp", "iat"]
        }),
      catch: refusedClaim
    })
    const seconds = now / 1000
    if ((payload.exp ?? 0) > seconds + 600) {
      return yield* unauthorized("'Expiration time' claim ('exp') is too far in the future")
    }
    if ((payload.iat ?? 0) > seconds) {
      return yield* unauthorized(
        "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued"
      )
    }
    return app
  })

  const verifyToken = Effect.fnUntraced(function* (request: Request) {
    const credential = credentialOf(request)
    if (credential === undefined) return yield* unauthorized("Requires authentication")
    const token = tokens.get(credential)
    if (token === undefined || token.expiresAt <= (yield* Clock.currentTimeMillis)) {
      return yield* unauthorized("Bad credentials")
    }
    const { app } = token.installation
    const repositories = token.repositories.filter((repository) => sees(app, repository))
    if (repositories.length === 0) return yield* unauthorized("Bad credentials")
    const granted = Object.entries(token.permissions).filter(([name, level]) =>
      grants(app.permissions, name, level)
    )
    return { ...token, repositories, permissions: Object.fromEntries(granted) }
  })

  const issue = Effect.fnUntraced(function* (app: App, id: number, body: Readonly<Record<string, unknown>>) {
    const installation = installationById(app, id)
    if (installation === undefined) return yield* notFound
    const asked = body["permissions"] as Permissions | undefined
    const names = body["repositories"] as ReadonlyArray<string> | undefined
    const ids = body["repository_ids"] as ReadonlyArray<number> | undefined
    const selected = names !== undefined || ids !== undefined
    const repositories = selected
      ? installation.repositories.filter(
          ({ id, name }) =>
            names?.some((wanted) => wanted.toLowerCase() === name.toLowerCase()) === true ||
            ids?.includes(id) === true
        )
      : installation.repositories
    if (selected && repositories.length < (names?.length ?? 0) + (ids?.length ?? 0)) {
      return yield* new Refused({
        status: 422,
        message:
          "There is at least one repository that does not exist or is not accessible to the parent installation."
      })
    }
    if (Object.entries(asked ?? {}).some(([name, level]) => !grants(app.permissions, name, level))) {
      return yield* new Refused({
        status: 422,
        message: "The permissions requested are not granted to this installation."
      })
    }
    const token: Token = {
      value: `ghs_${randomBytes(18).toString("hex")}`,
      expiresAt: (yield* Clock.currentTimeMillis) + tokenLifetime,
      installation,
      permissions: asked === undefined ? app.permissions : { metadata: "read", ...asked },
      repositories,
      selected
    }
    tokens.set(token.value, token)
    return token
  })

  const installationsOf = (app: App) =>
    [...new Set([...state.repositories.values()].map(({ owner }) => owner))].flatMap(
      (owner) => installationOf(app, owner) ?? []
    )

  return {
    create,
    apps: (): ReadonlyArray<App> => apps,
    installationsOf,
    verifyApp,
    verifyToken,
    issue,
    install,
    installed,
    installationOf,
    tokens: () => [...tokens.values()],
    revokeTokens: () => tokens.clear()
  }
}

export type Auth = ReturnType<typeof makeAuth>

const issuerOf = (jwt: string) => {
  try {
    const { iss } = JSON.parse(Buffer.from(jwt.split(".")[1] ?? "", "base64url").toString("utf8"))
    return typeof iss === "string" || typeof iss === "number" ? String(iss) : undefined
  } catch {
    return undefined
  }
}
