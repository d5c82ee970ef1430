import * as PgClient from "@effect/sql-pg/PgClient"
import * as PgTypes from "@effect/sql-pg/PgTypes"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import * as String from "effect/String"

const int8: PgTypes.Codec<number | bigint> = {
  encode: (value) => PgTypes.encode(BigInt(value), PgTypes.OID.int8),
  decode: (bytes) => {
    const value = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigInt64(0)
    return Result.succeed(Number.isSafeInteger(Number(value)) ? Number(value) : value)
  }
}

const types = PgTypes.makeRegistry()
types.register(PgTypes.OID.int8, int8, { arrayOid: PgTypes.OID.int8Array })

export const defaultConnections = 10

/**
 * The only SQL client: camelCase in code, snake_case in the database, JSON documents unchanged.
 * `bigint` is read as a number, beyond 2^53 as a bigint; `timestamptz` as a Date; `numeric` as a string.
 */
export const layer = (config: PgClient.PgPoolConfig) =>
  PgClient.layer({
    applicationName: "ai-implement",
    transformQueryNames: String.camelToSnake,
    transformResultNames: String.snakeToCamel,
    transformJson: false,
    types,
    ...config
  }).pipe(Layer.orDie)
