/**
 * Completion for bash: the grammar as `case` tables, and one function that walks a half-typed line along them. Holds to
 * bash 3.2, which macOS still ships: no associative array, no negative index, no `mapfile`.
 */
import type { Offer } from "../descriptor.ts";
import { type CommandGrammar, commonFlags, everyCommand, type Flag } from "./grammar.ts";

export function bashScript(root: CommandGrammar): string {
  const commands = everyCommand(root);
  return `# bash completion of terrane. Made by: terrane completion bash

# path -> the commands that may follow
__terrane_commands() {
  case $1 in
${cases(commands.filter((each) => each.commands.length > 0).map((each) => [[keyOf(each)], each.commands.map((child) => child.names[0]).join(" ")]))}
  esac
}

# path, word -> the path of the command that the word leads to
__terrane_enter() {
  case "$1/$2" in
${cases(commands.flatMap((each) => each.commands.map((child) => [child.names.map((name) => `${keyOf(each)}/${name}`), keyOf(child)])))}
  esac
}

# path -> the options there are
__terrane_options() {
  case $1 in
${cases(commands.filter((each) => each.flags.length > 0).map((each) => [[keyOf(each)], each.flags.flatMap((flag) => flag.names).join(" ")]))}
  esac
  REPLY="$REPLY ${commonFlags.flatMap((flag) => flag.names).join(" ")}"
}

# path, option -> what its value is; nothing where it takes none
__terrane_value() {
  case "$1 $2" in
${[...commands.flatMap((each) => valueCases(each.flags, `'${keyOf(each)} `, "'")), ...valueCases(commonFlags, "*' ", "'")].join("\n")}
    *) REPLY='' ;;
  esac
}

# path, number of arguments before -> what the next one is
__terrane_argument() {
  case "$1 $2" in
${argumentCases(commands).join("\n")}
    *) REPLY='' ;;
  esac
}

${walk}`;
}

/** The part that knows no command. */
const walk = `# kind, beginning -> COMPREPLY
__terrane_offer() {
  local each
  case $1 in
    '' | any) ;;
    =*)
      for each in \${1#=}; do [[ $each == "$2"* ]] && COMPREPLY+=("$each"); done
      ;;
    file | folder)
      [[ $1 == file ]] && each=-f || each=-d
      while IFS= read -r each; do COMPREPLY+=("$each"); done < <(compgen "$each" -- "$2")
      # Quotes what needs it, and goes on behind a folder; bash 3.2 does not know it.
      compopt -o filenames 2>/dev/null
      ;;
    *)
      while IFS=$'\\t' read -r each _; do
        [[ $each == "$2"* ]] && COMPREPLY+=("$each")
      done < <("\${words[0]/#\\~/$HOME}" __complete "$1" -- "\${words[@]}" 2>/dev/null)
      [[ \${#COMPREPLY[@]} -eq 0 && $2 == */* ]] && __terrane_offer file "$2"
      ;;
  esac
}

_terrane() {
  local REPLY line=\${COMP_LINE:0:COMP_POINT} current='' path='' want='' ended='' word mark marks='' lead=''
  local -a words
  local -i at position=0
  COMPREPLY=()
  # Not COMP_WORDS: it breaks orders@virginia in three.
  read -a words <<<"$line"
  if [[ $line != *[[:space:]] ]]; then
    at=$((\${#words[@]} - 1))
    current=\${words[at]}
    unset "words[at]"
  fi
  for ((at = 1; at < \${#words[@]}; at++)); do
    word=\${words[at]}
    if [[ -n $want ]]; then
      want=''
    elif [[ -z $ended && $word == -- ]]; then
      ended=1
    elif [[ -z $ended && $word == -*=* ]]; then
      continue
    elif [[ -z $ended && $word == -* ]]; then
      __terrane_value "$path" "$word"
      want=$REPLY
    else
      __terrane_enter "$path" "$word"
      if [[ -n $REPLY && $position -eq 0 ]]; then path=$REPLY; else position=$((position + 1)); fi
    fi
  done
  if [[ -n $want ]]; then
    __terrane_offer "$want" "$current"
  elif [[ -z $ended && $current == --*=* ]]; then
    lead=\${current%%=*}=
    __terrane_value "$path" "\${current%%=*}"
    __terrane_offer "$REPLY" "\${current#*=}"
    COMPREPLY=("\${COMPREPLY[@]/#/$lead}")
  elif [[ -z $ended && $current == -* ]]; then
    __terrane_options "$path"
    __terrane_offer "=$REPLY" "$current"
  else
    __terrane_commands "$path"
    if [[ -n $REPLY ]]; then
      [[ $position -eq 0 ]] && __terrane_offer "=$REPLY" "$current"
    else
      __terrane_argument "$path" "$position"
      __terrane_offer "$REPLY" "$current"
    fi
  fi
  # readline replaces only what follows the last of these, so only that may be offered.
  for mark in @ : =; do [[ $COMP_WORDBREAKS == *"$mark"* ]] && marks+=$mark; done
  if [[ -n $marks && $current == *["$marks"]* ]]; then
    lead=\${current%"\${current##*["$marks"]}"}
    COMPREPLY=("\${COMPREPLY[@]#"$lead"}")
  fi
}

complete -F _terrane terrane
`;

type Case = readonly [patterns: readonly string[], reply: string];

function cases(list: readonly Case[]): string {
  const lines = list.map(
    ([patterns, reply]) => `    ${patterns.map(quote).join(" | ")}) REPLY=${quote(reply)} ;;`,
  );
  return [...lines, "    *) REPLY='' ;;"].join("\n");
}

function valueCases(flags: readonly Flag[], before: string, after: string): readonly string[] {
  return flags
    .filter((flag) => flag.value !== undefined)
    .map((flag) => {
      const patterns = flag.names.map((name) => `${before}${name}${after}`).join(" | ");
      return `    ${patterns}) REPLY=${quote(kindOf(flag.value))} ;;`;
    });
}

function argumentCases(commands: readonly CommandGrammar[]): readonly string[] {
  return commands.flatMap((command) =>
    command.arguments.flatMap((argument, at) => {
      if (argument.offer === undefined) return [];
      const pattern = argument.variadic ? `'${keyOf(command)} '*` : quote(`${keyOf(command)} ${at}`);
      return [`    ${pattern}) REPLY=${quote(kindOf(argument.offer))} ;;`];
    }),
  );
}

/** `=` and words, or the name of what is to be asked for. */
function kindOf(offer: Offer | "any" | undefined): string {
  return typeof offer === "object" ? `=${offer.join(" ")}` : (offer ?? "");
}

function keyOf(command: CommandGrammar): string {
  return command.path.join(" ");
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
