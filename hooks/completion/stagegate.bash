# bash completion for stagegate(1).  Verbs, options and what they take are read
# from the program's own help, so that nothing here grows old.
# shellcheck shell=bash

# The words of the command line up to the one that is completed: verb, the
# option before the word, how many arguments the verb has, and -C DIR for git.
_stagegate_look() {
	local i word
	verb='' count=0 at=()
	for ((i = 1; i < COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		case $word in
		-C | --dir)
			at=(-C "${COMP_WORDS[i + 1]}")
			((i++))
			;;
		-*)
			[[ $verb && $(_stagegate_value "$word") ]] && ((i++))
			;;
		*)
			if [[ $verb ]]; then
				((count++))
			else
				verb=$word
			fi
			;;
		esac
	done
}

_stagegate_verbs() {
	"$program" help 2>/dev/null |
		sed -n 's/^  \([a-z][a-z]*\)  *[^ ].*/\1/p'
}

_stagegate_options() {
	"$program" help ${verb:+"$verb"} 2>/dev/null |
		sed -n 's/^  \(-., \)*\(--[a-z-]*\).*/\2/p'
}

# What an option takes, as the help calls it: FILE, REF, ..; nothing: a flag.
_stagegate_value() {
	[[ $1 =~ ^--?[a-zA-Z-]+$ ]] || return
	"$program" help ${verb:+"$verb"} 2>/dev/null | sed -n \
		"/^  \(.*, \)*$1[, ]/s/^  \(-., \)*--[a-z-]* \([A-Z=]*\).*/\2/p"
}

_stagegate_refs() {
	git "${at[@]}" for-each-ref --format='%(refname:short)' \
		refs/heads refs/remotes refs/tags 2>/dev/null
}

# _stagegate_named KEY: what the policy has that is a name before that key
_stagegate_named() {
	"$program" "${at[@]}" --json explain 2>/dev/null |
		grep -o "\"name\":\"[^\"]*\",\"$1\"" | cut -d'"' -f4 | sort -u
}

# _stagegate_kind WORD: candidates for what the help calls so
_stagegate_kind() {
	case $1 in
	*GATE*) _stagegate_named kind ;;
	*STAGE*REF*) _stagegate_named refs; _stagegate_refs ;;
	*STAGE*) _stagegate_named refs ;;
	*REMOTE*) git "${at[@]}" remote 2>/dev/null ;;
	*REF* | *COMMIT* | *NEW* | *OLD*) _stagegate_refs ;;
	*VERB*) _stagegate_verbs ;;
	esac
}

# The arguments of a verb, in order, as its usage has them.
_stagegate_argument() {
	local usage word n=0
	[[ $verb == help ]] && echo VERB && return
	usage=$("$program" help "$verb" 2>/dev/null | sed -n '1s/^usage: [^ ]* [^ ]*//p')
	for word in $usage; do
		case $word in
		*REF..*) echo "$word" && return ;;
		-* | '[-'*) return ;;
		esac
		((n++ == count)) && echo "$word" && return
	done
}

_stagegate() {
	local program=$1 cur=$2 before=$3 verb count at kind words
	COMPREPLY=()
	_stagegate_look
	case $before in
	-C | --dir) kind=DIR ;;
	-*) kind=$(_stagegate_value "$before") ;;
	esac
	if [[ ! $kind && $cur != -* && $verb ]]; then
		kind=$(_stagegate_argument)
	fi
	case $kind in
	DIR)
		mapfile -t COMPREPLY < <(compgen -d -- "$cur")
		return
		;;
	FILE | '[policy.yml]')
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return
		;;
	'')
		if [[ $cur == -* ]]; then
			words=$(_stagegate_options)
		elif [[ ! $verb ]]; then
			words=$(_stagegate_verbs)
		fi
		;;
	*) words=$(_stagegate_kind "$kind") ;;
	esac
	# What a repository calls its refs is data: it is compared, not expanded.
	while IFS= read -r words; do
		[[ $words && $words == "$cur"* ]] && COMPREPLY+=("$words")
	done <<<"$words"
}

complete -F _stagegate stagegate
