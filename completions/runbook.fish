# Completion of runbook for fish:  runbook completion fish | source
function __runbook_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l replies (command $words[1] __complete $words[2..-1] "$current" 2>/dev/null)
    if string match -q ':files*' -- "$replies[1]"
        __fish_complete_path "$current"
    else
        printf '%s\n' $replies
    end
end

complete -c runbook -f -a '(__runbook_complete)'
