/** What `pulumi preview` runs: the selected stack, `<environment>.<site>.<domain>`, of the project one folder up. */
import { fileURLToPath } from "node:url";
import { stackProgram } from "terrane/pulumi";

// Pulumi runs what the entry exports by default.
// oxlint-disable-next-line import/no-default-export
export default stackProgram({ dir: fileURLToPath(new URL("..", import.meta.url)) });
