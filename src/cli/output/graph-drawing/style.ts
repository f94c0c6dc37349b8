/** How the picture of a graph looks, in light and in dark. */

const light = {
  page: "#ffffff",
  ink: "#1c2430",
  faint: "#667085",
  way: "#98a2b3",
  card: "#ffffff",
  edge: "#d8dee8",
  stack: "#f6f8fb",
  aws: "#fdf6ec",
  gcp: "#eef4fe",
  azure: "#ecf8fa",
};
const dark: typeof light = {
  page: "#11151c",
  ink: "#e8ecf3",
  faint: "#98a2b3",
  way: "#667085",
  card: "#1d242f",
  edge: "#364152",
  stack: "#171d26",
  aws: "#231d14",
  gcp: "#141d2d",
  azure: "#102226",
};

/** Marks of the domains, legible on both grounds. */
const marks = {
  foundation: "#7a869a",
  network: "#2f7de1",
  data: "#8b5cf6",
  compute: "#12a150",
  gitops: "#e8730c",
  traffic: "#e0447c",
};

const variables = (colors: typeof light) =>
  Object.entries(colors)
    .map(([name, color]) => `--${name}:${color}`)
    .join(";");

export const graphStyle = [
  `svg{${variables(light)};font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif}`,
  `@media (prefers-color-scheme:dark){svg{${variables(dark)}}}`,
  "text{font-size:12px;fill:var(--ink)}",
  ".page{fill:var(--page)}",
  ".name{font-size:20px;font-weight:650}",
  ".about,.faint{fill:var(--faint)}",
  ".strong{font-size:13px;font-weight:600}",
  ".card .faint{font-size:11px}",
  ".site>rect{stroke:var(--edge)}",
  ...(["aws", "gcp", "azure"] as const).map((cloud) => `.${cloud}>rect{fill:var(--${cloud})}`),
  ".stack>rect{fill:var(--stack);stroke:var(--edge)}",
  ".stack>text{font-size:11px;fill:var(--faint);letter-spacing:.03em}",
  ".card>rect{fill:var(--card);stroke:var(--edge)}",
  ".borrowed>rect{stroke-dasharray:4 3}",
  ".card>.mark{stroke:none}",
  ...Object.entries(marks).map(([domain, color]) => `.${domain}>.mark{fill:${color}}`),
  ".way{fill:none;stroke:var(--way);stroke-width:1.5}",
  ".head{fill:var(--way)}",
  ".label{font-size:10px;pointer-events:none;fill:var(--faint);text-anchor:end;paint-order:stroke;stroke:var(--stack);stroke-width:4px;stroke-linejoin:round}",
].join("");
