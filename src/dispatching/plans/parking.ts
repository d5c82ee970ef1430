import { parkAfterRejects } from "../../domain/Plan.ts"

/** Why an issue is parked whose plan was rejected `times` in a row; null while it is not. */
export const parkedFor = (times: number, reason: string) =>
  times < parkAfterRejects
    ? null
    : `its plan was rejected ${times} times in a row, the last time with: ${reason}`
