/** Completion for zsh: one function a command, each a call of `_arguments` with what the grammar says of it. */
import type { Offer } from "../descriptor.ts";
import { type CommandGrammar, commonFlags, everyCommand, type Flag } from "./grammar.ts";

export function zshScript(root: CommandGrammar): string {
  return `#compdef terrane
# zsh completion of terrane. Made by: terrane completion zsh

${everyCommand(root)
  .map((command) => (command.commands.length === 0 ? leafFunction(command) : branchFunction(command)))
  .join("\n")}
# kind: names of it, or else documents, since one may be named by its file
__terrane_names() {
  local -a found
  local each
  for each in "\${(@f)$(\${~terrane_typed[1]} __complete $1 -- "\${(@)terrane_typed}" 2>/dev/null)}"; do
    [[ -n $each ]] && found+=("\${\${each%%$'\\t'*}//:/\\\\:}:\${each#*$'\\t'}")
  done
  (( $#found )) && _describe -V $1 found || _files -g '*.y(a|)ml'
}

_terrane() {
  local -a terrane_common terrane_typed=("\${(@)words[1,CURRENT-1]}")
  terrane_common=(
${commonFlags.flatMap(flagSpecs).map(indent).join("\n")}
  )
  __terrane
}

# Sourced, it says what it is for; as a file in $fpath it is the function itself.
if [[ $funcstack[1] == _terrane ]]; then
  _terrane "$@"
else
  compdef _terrane terrane
fi
`;
}

function leafFunction(command: CommandGrammar): string {
  const specs = [
    ...command.flags.flatMap(flagSpecs),
    ...command.arguments.map((argument, at) => {
      const place = argument.variadic ? "*" : argument.required ? String(at + 1) : `${at + 1}:`;
      return quote(`${place}:${escape(argument.name)}:${actionOf(argument.offer ?? "any")}`);
    }),
  ];
  return `${nameOf(command)}() {
  _arguments $terrane_common${specs.map((spec) => ` \\\n    ${spec}`).join("")}
}
`;
}

function branchFunction(command: CommandGrammar): string {
  const choices = command.commands.flatMap((child) =>
    child.names.map((name) => quote(`${name}:${escape(child.summary)}`)),
  );
  return `${nameOf(command)}() {
  local context curcontext=$curcontext state state_descr line ret=1
  local -a choices
  typeset -A opt_args
  choices=(
${choices.map(indent).join("\n")}
  )
  _arguments -C $terrane_common${command.flags
    .flatMap(flagSpecs)
    .map((spec) => ` \\\n    ${spec}`)
    .join("")} \\
    '1:command:->command' '*::argument:->argument' && ret=0
  case $state in
    command) _describe -t commands command choices && ret=0 ;;
    argument)
      curcontext="\${curcontext%:*:*}:terrane-$line[1]:"
      case $line[1] in
${command.commands.map((child) => `        ${child.names.join(" | ")}) ${nameOf(child)} && ret=0 ;;`).join("\n")}
      esac
      ;;
  esac
  return ret
}
`;
}

/** One for each name of the flag; one excludes the other unless it may be given again. */
function flagSpecs(flag: Flag): readonly string[] {
  const rule = flag.repeats ? "*" : flag.names.length > 1 ? `(${flag.names.join(" ")})` : "";
  const value = flag.value === undefined ? "" : `:value:${actionOf(flag.value)}`;
  return flag.names.map((name) => {
    const mark = flag.value === undefined ? "" : name.startsWith("--") ? "=" : "+";
    return quote(`${rule}${name}${mark}[${escape(flag.summary)}]${value}`);
  });
}

function actionOf(offer: Offer | "any"): string {
  if (typeof offer === "object") return `(${offer.join(" ")})`;
  if (offer === "any") return " ";
  if (offer === "file") return "_files";
  // With a blank in front it is called as it stands.
  return offer === "folder" ? "_files -/" : ` __terrane_names ${offer}`;
}

function nameOf(command: CommandGrammar): string {
  return ["__terrane", ...command.path].join("_");
}

// Brackets and colons speak to `_arguments` and `_describe`.
function escape(text: string): string {
  return text.replace(/[\\[\]:]/g, (sign) => `\\${sign}`);
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function indent(text: string): string {
  return `    ${text}`;
}
