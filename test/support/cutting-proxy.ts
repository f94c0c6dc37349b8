/** A proxy before a PostgreSQL server that loses connections at chosen moments of a commit. */
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

export interface CuttingProxy extends AsyncDisposable {
  /** The URL through the proxy. */
  through(url: string): string;
  /**
   * Cuts the next connection that commits. `before`: the server never sees the commit; `after`: it has committed, and
   * its answer is lost.
   */
  cut(when: "before" | "after"): void;
  /** Nobody who is not connected yet gets through any more. */
  refuse(): void;
  /** The same, and whoever is connected is cut off. */
  sever(): void;
}

export async function startCuttingProxy(port: number): Promise<CuttingProxy> {
  let cutting: "before" | "after" | undefined;
  let isRefusing = false;
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
    return socket;
  };
  const proxy = createServer((client) => {
    keep(client);
    if (isRefusing) return void client.destroy();
    const server = keep(connect(port, "127.0.0.1"));
    const cut = () => {
      cutting = undefined;
      client.destroy();
      server.destroy();
    };
    client.on("data", (bytes) => {
      if (cutting === "before" && bytes.includes("COMMIT\0")) cut();
      else server.write(bytes);
    });
    // The server says COMMIT when it has committed: https://www.postgresql.org/docs/current/protocol-message-formats.html
    server.on("data", (bytes) => {
      if (cutting === "after" && bytes.includes("COMMIT\0")) cut();
      else client.write(bytes);
    });
    client.on("close", () => server.destroy());
    server.on("close", () => client.destroy());
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  const address = proxy.address();
  if (address === null || typeof address === "string") throw new Error("the proxy has no port");
  return {
    through: (url) => url.replace(`:${port}/`, `:${address.port}/`),
    cut: (when) => {
      cutting = when;
    },
    refuse: () => {
      isRefusing = true;
    },
    sever: () => {
      isRefusing = true;
      for (const socket of sockets) socket.destroy();
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      proxy.close();
      await once(proxy, "close");
    },
  };
}
