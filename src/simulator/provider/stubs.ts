/** Pulumi's generated gRPC stubs, the one place where they are loaded: only a process that serves providers pays for them. */

import { createRequire } from "node:module";
import type * as grpc from "@grpc/grpc-js";
import type * as messages from "@pulumi/pulumi/proto/provider_pb.js";
import type { Value } from "../../values/value.ts";

export interface Stubs {
  readonly grpc: typeof grpc;
  readonly provider: typeof messages;
  readonly service: grpc.ServiceDefinition;
  readonly Empty: new () => grpc.ServerUnaryCall<unknown, unknown>["request"];
  readonly PluginInfo: new () => { setVersion(version: string): void };
  readonly Struct: { fromJavaScript(value: { [key: string]: Value }): StructMessage };
}

export type StructMessage = NonNullable<ReturnType<messages.CreateRequest["getProperties"]>>;

/** The stubs are CommonJS modules; requiring them keeps them out of every process that starts no server. */
export function loadStubs(): Stubs {
  const require = createRequire(import.meta.url);
  const service = require("@pulumi/pulumi/proto/provider_grpc_pb.js") as {
    ResourceProviderService: grpc.ServiceDefinition;
  };
  return {
    grpc: require("@grpc/grpc-js") as typeof grpc,
    provider: require("@pulumi/pulumi/proto/provider_pb.js") as typeof messages,
    service: service.ResourceProviderService,
    Empty: (require("google-protobuf/google/protobuf/empty_pb.js") as { Empty: Stubs["Empty"] }).Empty,
    PluginInfo: (require("@pulumi/pulumi/proto/plugin_pb.js") as { PluginInfo: Stubs["PluginInfo"] })
      .PluginInfo,
    Struct: (require("google-protobuf/google/protobuf/struct_pb.js") as { Struct: Stubs["Struct"] }).Struct,
  };
}
