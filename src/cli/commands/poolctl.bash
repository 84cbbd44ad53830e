_poolctl() {
    local line=${COMP_LINE:0:COMP_POINT} words current before candidate
    read -ra words <<<"$line"
    [[ $line == *[[:space:]] ]] && words+=("")
    current=${words[${#words[@]} - 1]}
    # To readline a word ends at `=`, `:` and `@`: only what follows them is replaced.
    before=${current%"$2"}
    COMPREPLY=()
    while IFS= read -r candidate || [[ -n $candidate ]]; do
        [[ -e $candidate ]] && printf -v candidate %q "$candidate"
        COMPREPLY+=("${candidate#"$before"}")
    done < <(_POOLCTL_COMPLETE=bash _CLAP_IFS=$'\n' _CLAP_COMPLETE_INDEX=$((${#words[@]} - 1)) \
        "${words[0]}" -- "${words[@]}" 2>/dev/null)
    if [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *[=/:@.] ]]; then
        compopt -o nospace 2>/dev/null
    fi
}
complete -o nosort -F _poolctl poolctl 2>/dev/null || complete -F _poolctl poolctl
