/** A page for each component type, with a picture of what it makes, and the list of them. */
import { type ComponentDoc, describeComponent } from "../../src/blueprint/explain-schema.ts";
import type { ComponentAbout, Made } from "../../src/catalog/about.ts";
import { drawSvg } from "../../src/cli/output/graph-drawing/svg.ts";
import { domains } from "../../src/model/words.ts";
import { catalog } from "../../stacks/catalog.ts";
import { pictureComponent } from "./component-picture.ts";
import { type ComponentSample, type DescribedComponent, renderExamples } from "./component-samples.ts";
import { fieldRows } from "./field-rows.ts";
import { code, fence, makeFile, makePage, type Page, table } from "./markdown.ts";

/** Components that nothing can be built of yet have a line in the list and no page. */
export async function componentPages(): Promise<readonly Page[]> {
  const described = await describeAll();
  const samples = await renderExamples(described);
  const pages = described.flatMap((component) => {
    const own = samples.filter((sample) => sample.type === component.contract.name);
    return [componentPage(component, own), ...own.map((sample) => picturePage(component, sample))];
  });
  return [listPage(described), ...pages];
}

async function describeAll(): Promise<readonly DescribedComponent[]> {
  const all = await Promise.all(
    catalog.contracts.map(async (contract) => {
      const about = (await contract.about?.())?.about;
      return about === undefined ? [] : [{ contract, about }];
    }),
  );
  return all.flat();
}

function listPage(described: readonly DescribedComponent[]): Page {
  const pages = new Set(described.map(({ contract }) => contract.name));
  const docs = catalog.contracts
    .map(describeComponent)
    .toSorted((one, other) => domains.indexOf(one.domain) - domains.indexOf(other.domain));
  return makePage("components/README.md", "Components", [
    "What a blueprint can be made of, from the ground up: a component refers only to what stands above it or beside it in",
    "this list. `terrane explain <type>` says the same on the command line.",
    "",
    ...table(
      ["Type", "Domain", "What it is", "Made on"],
      docs.map((doc) => [
        pages.has(doc.name) ? `[${doc.name}](${doc.name}.md)` : code(doc.name),
        doc.domain,
        doc.summary,
        madeOn(doc),
      ]),
    ),
  ]);
}

function madeOn(doc: ComponentDoc): string {
  const names = doc.platforms
    .filter(({ support }) => support === "supported")
    .map(({ platform }) => platform);
  return names.length === 0 ? "a later release" : names.join(", ");
}

function componentPage({ contract, about }: DescribedComponent, samples: readonly ComponentSample[]): Page {
  const doc = describeComponent(contract);
  return makePage(`components/${doc.name}.md`, doc.name, [
    about.purpose,
    "",
    ...fence("yaml", `components:\n  ${about.example}`),
    ...samples.flatMap(({ cloud }) => [
      `![What ${doc.name} makes on ${cloud}](${pictureName(doc.name, cloud)})`,
      "",
    ]),
    ...platformSection(doc),
    "## Fields",
    "",
    ...table(
      ["Field", "Allowed", "Default", "Meaning"],
      doc.fields.flatMap((field) => fieldRows(field)),
    ),
    "## Outputs",
    "",
    ...table(
      ["Output", "Meaning"],
      doc.outputs.map(({ name, description }) => [code(name), description ?? ""]),
    ),
    ...aboutSections(about),
  ]);
}

function platformSection(doc: ComponentDoc): readonly string[] {
  const rows = doc.platforms.map(({ platform, support, why }) => [platform, support, why ?? ""]);
  return ["## Where", "", ...table(["Platform", "Support", "Why"], rows)];
}

function aboutSections(about: ComponentAbout): readonly string[] {
  return [
    "## What it makes",
    "",
    ...table(
      ["What", "When", "Why"],
      about.makes.map((made) => [made.what, whenOf(made), made.why]),
    ),
    "## Decided for you",
    "",
    ...table(
      ["What", "Value", "Why", "Source"],
      about.decided.map(({ what, value, why, source, asOf }) => [
        what,
        value,
        why,
        `[${new URL(source).hostname}](${source}), ${asOf}`,
      ]),
    ),
    ...(about.notes.length === 0 ? [] : ["## To know", "", ...about.notes.map((note) => `- ${note}`), ""]),
  ];
}

function whenOf({ platforms, when }: Made): string {
  return [platforms?.join(", "), when].filter((part) => part !== undefined).join("; ") || "always";
}

function picturePage({ contract }: DescribedComponent, sample: ComponentSample): Page {
  const svg = drawSvg(pictureComponent(contract, sample));
  return makeFile(`components/${pictureName(contract.name, sample.cloud)}`, svg);
}

function pictureName(type: string, cloud: string): string {
  return `${type}-${cloud}.svg`;
}
