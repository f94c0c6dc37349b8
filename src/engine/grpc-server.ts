/** gRPC servers that only processes of this machine can reach. */
import * as grpc from "@grpc/grpc-js";

/** As Pulumi's SDK sets them: whole states may pass in one message (400 MiB), and calls may stay open. */
export const grpcChannelOptions: grpc.ServerOptions = {
  "grpc.max_receive_message_length": 1024 * 1024 * 400,
};

/** The port that the system chose. */
export function listen(server: grpc.Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) =>
      error === null ? resolve(port) : reject(error),
    );
  });
}
