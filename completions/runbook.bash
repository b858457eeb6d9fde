# Completion of runbook for bash:  source <(runbook completion bash)
_runbook() {
  # bash breaks words at = and : as well; here what no blank separates is one word.
  local rest=$COMP_LINE words=() word index separated
  for ((index = 0; index <= COMP_CWORD; index++)); do
    word=${COMP_WORDS[index]}
    separated=${rest%%[![:blank:]]*}
    rest=${rest#"$separated"}
    rest=${rest#"$word"}
    if ((index == 0)) || [[ -n $separated ]]; then
      words+=("$word")
    else
      words[${#words[@]} - 1]+=$word
    fi
  done

  # Only the part of the word that bash takes for one is replaced.
  local current=${words[${#words[@]} - 1]} last=$word prefix value description
  if [[ $last == [=:] ]]; then last=; fi
  prefix=${current%"$last"}
  COMPREPLY=()
  while IFS=$'\t' read -r value description; do
    if [[ $value == :files ]]; then
      compopt -o default
      return
    fi
    if [[ $value == "$current"* ]]; then COMPREPLY+=("${value#"$prefix"}"); fi
  done < <("${words[0]}" __complete "${words[@]:1}" 2>/dev/null)
  if ((${#COMPREPLY[@]} == 1)) && [[ ${COMPREPLY[0]} == *= ]]; then compopt -o nospace; fi
}

complete -F _runbook runbook
