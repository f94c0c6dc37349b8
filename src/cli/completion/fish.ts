/** Completion for fish: one `complete` line for each command, option and argument, told apart by where the line stands. */
import type { Offer } from "../descriptor.ts";
import { type CommandGrammar, commonFlags, everyCommand, type Flag } from "./grammar.ts";

export function fishScript(root: CommandGrammar): string {
  const commands = everyCommand(root);
  return `# fish completion of terrane. Made by: terrane completion fish

# path/word -> the path of the command that the word leads to
function __terrane_enter
    switch $argv[1]
${commands.flatMap((each) => each.commands.map((child) => enterCase(each, child))).join("\n")}
    end
end

# path option -> whether its value is the next word
function __terrane_takes_value
    switch $argv[1]
        case ${commands.flatMap((each) => valued(each.flags).map((name) => quote(`${keyOf(each)} ${name}`))).join(" ")}
            return 0
        case ${valued(commonFlags)
          .map((name) => quote(`* ${name}`))
          .join(" ")}
            return 0
    end
    return 1
end

${walk}
complete -c terrane -e
complete -c terrane -f
${commonFlags.map((flag) => flagLine(flag, "")).join("\n")}
${commands.flatMap(commandLines).join("\n")}
`;
}

/** The part that knows no command. */
const walk = `# The path of the commands typed, and how many arguments stand behind it: "up 0", "cloud ls 1", " 0"
function __terrane_place
    set -l words (commandline -opc)
    set -l path ''
    set -l arguments 0
    set -l skip 0
    for word in $words[2..]
        if test $skip = 1
            set skip 0
        else if string match -q -- '-*' $word
            __terrane_takes_value "$path $word"; and set skip 1
        else
            set -l next
            test $arguments = 0; and set next (__terrane_enter "$path/$word")
            if test -n "$next"
                set path $next
            else
                set arguments (math $arguments + 1)
            end
        end
    end
    echo "$path $arguments"
end

function __terrane_at
    test (__terrane_place) = "$argv[1]"
end

function __terrane_in
    string match -q -- "$argv[1] *" (__terrane_place)
end

# Names of a kind. A document may be named by its file: a slash asks for files.
function __terrane_names
    set -l words (commandline -opc)
    $words[1] __complete $argv[1] -- $words 2>/dev/null
    string match -q -- '*/*' (commandline -ct); and __fish_complete_path (commandline -ct)
end
`;

function enterCase(parent: CommandGrammar, child: CommandGrammar): string {
  const patterns = child.names.map((name) => quote(`${keyOf(parent)}/${name}`)).join(" ");
  return `        case ${patterns}\n            echo ${quote(keyOf(child))}`;
}

function commandLines(command: CommandGrammar): readonly string[] {
  const children = command.commands.flatMap((child) =>
    child.names.map(
      (name) =>
        `complete -c terrane -n ${condition("at", `${keyOf(command)} 0`)} -a ${name} -d ${quote(child.summary)}`,
    ),
  );
  const inside = ` -n ${condition("in", keyOf(command))}`;
  const offers = command.arguments.flatMap((argument, at) => {
    const value = argument.offer === undefined ? undefined : valueOf(argument.offer);
    const place = argument.variadic ? inside : ` -n ${condition("at", `${keyOf(command)} ${at}`)}`;
    return value === undefined ? [] : [`complete -c terrane${place}${value.replace(" -x", "")}`];
  });
  return [...children, ...command.flags.map((flag) => flagLine(flag, inside)), ...offers];
}

function flagLine(flag: Flag, where: string): string {
  const names = flag.names.map((name) =>
    name.startsWith("--") ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`,
  );
  const value = flag.value === undefined ? "" : flag.value === "any" ? " -x" : valueOf(flag.value);
  return `complete -c terrane${where} ${names.join(" ")}${value} -d ${quote(flag.summary)}`;
}

function valueOf(offer: Offer): string {
  if (typeof offer === "object") return ` -x -a ${quote(offer.join(" "))}`;
  if (offer === "file") return " -r -F";
  if (offer === "folder") return " -x -a '(__fish_complete_directories (commandline -ct))'";
  // In the order given: the newest operation comes first.
  return ` -x -k -a '(__terrane_names ${offer})'`;
}

function valued(flags: readonly Flag[]): readonly string[] {
  return flags.filter((flag) => flag.value !== undefined).flatMap((flag) => flag.names);
}

function condition(what: "at" | "in", place: string): string {
  return `'__terrane_${what} "${place}"'`;
}

function keyOf(command: CommandGrammar): string {
  return command.path.join(" ");
}

// Within single quotes fish reads backslashes and quotes alone (https://fishshell.com/docs/current/language.html, 2026-11-21).
function quote(text: string): string {
  return `'${text.replace(/[\\']/g, (sign) => `\\${sign}`)}'`;
}
