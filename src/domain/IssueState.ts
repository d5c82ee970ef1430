/** State types of an issue that is over; `canceled` and `duplicate` also stop its run. */
export const closedStates: ReadonlyArray<string> = ["completed", "canceled", "duplicate"]

export const isCanceled = (stateType: string) => stateType === "canceled" || stateType === "duplicate"
