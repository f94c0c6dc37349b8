# ask.zsh SCRIPT LINE...: what zsh offers for each half-typed line, in a real line editor on a terminal of its own.
zmodload zsh/zpty
script=$1
shift
zpty inner "TERM=dumb zsh -f -i"
zpty -w inner "PROMPT= RPROMPT=; autoload -Uz compinit; compinit -u -D; source ${(q)script}"
zpty -w inner 'compadd() {
  local -a hits
  if [[ ${@[1,(i)(-|--)]} != *-[OAD]\ * ]]; then
    builtin compadd -A hits "$@"
    (( $#hits )) && print -rl -- "hit:"$^hits
  fi
  builtin compadd "$@"
}'
# What is printed between the marks is what a person would be offered; the line itself is left alone.
zpty -w inner 'ask() { print; print -r "<<<"; _main_complete; compstate[insert]=; compstate[list]=; print -r ">>>" }
zle -C ask complete-word ask; bindkey -e; bindkey "^I" ask; print re""ady'
zpty -r -m inner seen "*ready*"
for line in "$@"; do
  zpty -w -n inner "$line"$'\t'
  zpty -r -m inner seen "*<<<*>>>*"
  print -r -- "? $line"
  for offer in "${(@M)${(@f)${${seen##*<<<}//$'\r'/}}:#hit:*}"; do print -r -- "${offer#hit:}"; done
  zpty -w -n inner $'\x15'
done
zpty -d inner
