/** The shipped platform in the classes that differ from `dev` by few values. */
import { describeClass } from "../support/class-suite.ts";

describeClass("sandbox");
describeClass("staging");
