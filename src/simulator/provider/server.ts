/**
 * The gRPC servers of the simulated clouds: one per cloud on the loopback interface, to which the engine attaches.
 * Knows ports and shutdown; what is answered stands in face.ts.
 */
import type * as grpc from "@grpc/grpc-js";
import type { Clouds } from "../clouds.ts";
import { simulatedClouds } from "../models.ts";
import { type FaceOptions, ProviderFace } from "./face.ts";
import { loadStubs } from "./stubs.ts";

export interface RunningProviders {
  /** Plugin name → port on 127.0.0.1, as PULUMI_DEBUG_PROVIDERS wants them. */
  readonly ports: Readonly<Record<string, number>>;
  close(): Promise<void>;
}

/** Starts one server per cloud. All of them end with `close`. */
export async function startProviders(clouds: Clouds, options: FaceOptions = {}): Promise<RunningProviders> {
  const stubs = loadStubs();
  const started: {
    readonly cloud: string;
    readonly port: number;
    readonly server: grpc.Server;
    readonly stop: () => void;
  }[] = [];
  for (const cloud of simulatedClouds) {
    const face = new ProviderFace(cloud, clouds, options, stubs);
    const server = new stubs.grpc.Server({
      "grpc.max_receive_message_length": 400 * 1024 * 1024,
      "grpc.max_send_message_length": 400 * 1024 * 1024,
    });
    server.addService(stubs.service, face.implementation());
    const port = await bind(server, stubs.grpc);
    started.push({ cloud, port, server, stop: () => face.stop() });
  }
  return {
    ports: Object.fromEntries(started.map(({ cloud, port }) => [cloud, port])),
    close: async () => {
      for (const { server, stop } of started) {
        stop();
        server.forceShutdown();
      }
    },
  };
}

function bind(server: grpc.Server, library: typeof grpc): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", library.ServerCredentials.createInsecure(), (error, port) => {
      if (error === null) resolve(port);
      else reject(error);
    });
  });
}
