# ask.fish SCRIPT LINE...: what fish offers for each half-typed line, with what it says of it behind a tab.
source $argv[1]
for line in $argv[2..]
    echo "? $line"
    complete -C $line
end
