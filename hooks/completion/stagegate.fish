# fish completion for stagegate(1): verbs and options, from the program's own
# help.
function __stagegate_verbs
    stagegate help 2>/dev/null | string replace -rf '^  ([a-z]+)  +(\S.*)' '$1\t$2'
end

function __stagegate_options
    set -l words (commandline -opc | string match -v -- '-*')
    stagegate help $words[2] 2>/dev/null | string replace -rf '^  (?:-., )?(--[a-z-]+)(?: [A-Z]\S*)? *(.*)' '$1\t$2'
end

complete -c stagegate -n __fish_use_subcommand -f -a '(__stagegate_verbs)'
complete -c stagegate -n 'string match -q -- "-*" (commandline -ct)' -f -a '(__stagegate_options)'
