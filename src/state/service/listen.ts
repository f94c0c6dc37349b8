/** A server at an address of this machine, or why not. */
import type { Server } from "node:http";
import { TerraneError } from "../../errors.ts";

export interface ListenAt {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
}

/** @throws TerraneError `bad-usage` for an address that this process cannot have */
export async function listenAt(server: Server, at: ListenAt): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(explain(error, at)));
    server.listen(at.port, at.host, resolve);
  });
}

function explain(cause: NodeJS.ErrnoException, { host, port }: ListenAt): Error {
  const refuse = (message: string, next: string) => new TerraneError("bad-usage", message, { cause, next });
  switch (cause.code) {
    case "EADDRINUSE":
      return refuse(`port ${port} of ${host} is in use`, "Name another one with --port, or leave it out.");
    case "EACCES":
      return refuse(`this user may not have port ${port} of ${host}`, "Name one from 1024 on with --port.");
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return refuse(`${host} is no address of this machine`, "Name one with --host, or leave it out.");
    default:
      return cause;
  }
}
