/** The shipped platform in the class that most environments have, and in the one that has everything. */
import { describeClass } from "../support/class-suite.ts";

describeClass("dev");
describeClass("prod");
