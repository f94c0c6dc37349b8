/** The command line killed in what makes and what changes: the next run goes on under the same id, and every rule holds. */
import { describeKills } from "../support/kill-suite.ts";

describeKills("up");
describeKills("update");
