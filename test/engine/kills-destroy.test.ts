/** The command line killed in what takes away and what only looks: the next run goes on under the same id, and every rule holds. */
import { describeKills } from "../support/kill-suite.ts";

describeKills("destroy");
describeKills("refresh");
