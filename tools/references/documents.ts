/** The page of the documents that users write, from their schemas. */
import { describeField } from "../../src/blueprint/field-doc.ts";
import { type DocumentKind, documentKinds, documentSchemas } from "../../src/model/documents.ts";
import { fieldRows } from "./field-rows.ts";
import { makePage, type Page, table } from "./markdown.ts";

/** Deep enough for every key that the syntax names. */
const depth = 6;

const introductions: { readonly [Kind in DocumentKind]: string } = {
  Blueprint:
    "What an environment is made of. A blueprint has a version; environments name the range they take.",
  Environment: "One use of a blueprint: class, tags and values for its parameters.",
  AddressPool:
    "Ranges that networks, pods and services get their blocks from, for those who do not write them themselves.",
  Project: "`terrane.yaml`, at the top of the project. Everything in it has a default.",
  Lock: "Stands beside an environment's document and pins the version and text of its blueprint. `terrane lock` and the first `terrane up` write it.",
};

export function documentsPage(): Page {
  return makePage("documents.md", "Documents", [
    "Every document is YAML or JSON with `apiVersion: terrane.dev/v1` and a `kind`; a file may hold several. Keys that are not",
    "listed are refused, with the nearest right one. [Components](components/README.md) have fields of their own beside the",
    "words of the syntax. `terrane explain <Kind>.<key>` says the same on the command line, `terrane schema` for editors.",
    "",
    ...documentKinds.flatMap(kindSection),
  ]);
}

function kindSection(kind: DocumentKind): readonly string[] {
  const { fields } = describeField(kind, documentSchemas[kind], depth);
  return [
    `## ${kind}`,
    "",
    introductions[kind],
    "",
    ...table(
      ["Key", "Allowed", "Default", "Meaning"],
      fields.flatMap((field) => fieldRows(field)),
    ),
  ];
}
