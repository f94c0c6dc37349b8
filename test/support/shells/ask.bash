# ask.bash SCRIPT LINE...: what bash offers for each half-typed line, as readline asks for it.
source "$1"
shift
complete -p terrane >/dev/null || exit 1
COMP_WORDBREAKS=$' \t\n"\'@><=;|&(:'
for COMP_LINE in "$@"; do
  COMP_POINT=${#COMP_LINE}
  _terrane terrane
  printf '? %s\n' "$COMP_LINE"
  for offer in "${COMPREPLY[@]}"; do printf '%s\n' "$offer"; done
done
