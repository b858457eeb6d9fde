#compdef runbook
# Completion of runbook for zsh: a file _runbook in a folder of $fpath, or
#   source <(runbook completion zsh)
_runbook() {
  local line value
  local -a before replies described open
  if (( CURRENT > 2 )); then before=("${(@Q)words[2,CURRENT-1]}"); fi
  replies=("${(@f)$("${(Q)words[1]}" __complete "${before[@]}" "$PREFIX" 2>/dev/null)}")
  for line in "${replies[@]}"; do
    if [[ -z $line ]]; then continue; fi
    if [[ $line == :files* ]]; then
      _files
      return
    fi
    value=${line%%$'\t'*}
    if [[ $value == *= ]]; then
      open+=("$value")
    else
      # A colon separates a word from its description.
      described+=("${value//:/\\:}:${line#*$'\t'}")
    fi
  done
  if (( ${#described} )); then _describe 'runbook' described; fi
  if (( ${#open} )); then compadd -S '' -- "${open[@]}"; fi
}

# As a file of $fpath this is the function itself, at its first call.
if [[ ${funcstack[1]} == _runbook ]]; then
  _runbook "$@"
else
  compdef _runbook runbook
fi
