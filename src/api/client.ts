export { ApiFailure, failureOf } from "./client/failure.ts"
export { type Client, type ClientOptions, makeClient } from "./client/make.ts"
export { makePromiseClient, type PromiseClient } from "./client/promises.ts"
