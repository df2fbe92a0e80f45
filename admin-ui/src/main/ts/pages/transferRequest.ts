/** The call for which `T` was pressed in the list, before its panel is there. */
let wanted: string | undefined;

export function askToTransfer(session: string): void {
  wanted = session;
}

export const isAskedToTransfer = (session: string): boolean => wanted === session;

export function transferAskedHandled(): void {
  wanted = undefined;
}
