/** What the files of an implementation are given. */
import type { BuildContext } from "../../component.ts";
import type { postgres } from "./contract.ts";

export type PostgresContext = BuildContext<(typeof postgres)["fields"]>;
