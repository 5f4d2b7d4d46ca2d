# shellcheck shell=bash
# script/part/endpoints.sh - where the suite is, and what it needs once
#
# Needs `data`, `bin` and `deploy`, as script/server sets them, and processes.sh.
# shellcheck disable=SC2154

address() { echo "http://$(cat "$data/run/$1")"; }

write_endpoints() {
	local name metrics="" all="" urls=""
	for name in "${names[@]}"; do
		urls="$urls  \"$name\": \"$(address "$name")\",\n"
		metrics="$metrics, \"$name\": \"http://$(cat "$data/run/$name.admin")/metrics\""
		all="$all, \"$name\": ${pids[$name]:-0}"
	done
	(umask 077 && rm -f "$1" && printf '{\n%b%s\n}\n' "$urls" "  \"metrics\": {${metrics#, }},
  \"pids\": {${all#, }},
  \"issuer\": \"${PARLOR_SUITE_ISSUER:-$(setting issuer)}\",
  \"region\": \"local-1\",
  \"user_pool_id\": \"$(setting user_pool_id)\",
  \"client_id\": \"$(setting client_id)\",
  \"mail_dir\": \"$data/mail\",
  \"admin\": \"$data/admin.json\"" >"$1")
}

# The value of a key of the game's table, which stands on a line of its own.
of_table() { sed -n 's/^  "'"$1"'": \(.*[^,]\),\{0,1\}$/\1/p' "$deploy/table.json"; }

# Gives a table that an older suite made what it lacks, by its description.
renew_table() {
	case $1 in
	*'"StreamEnabled"'*) ;;
	*) "${kv[@]}" UpdateTable "{\"TableName\": \"game\",
		\"StreamSpecification\": $(of_table StreamSpecification)}" ;;
	esac &&
		"${kv[@]}" PutResourcePolicy "{\"ResourceArn\": \"game\",
			\"Policy\": $(of_table ResourcePolicy)}"
}

# The game's table as services/game/deploy has it, and what its service may lend.
bootstrap() {
	local kv=("$bin/parlor" --endpoints "$1" kv) table lend
	if table=$("${kv[@]}" DescribeTable '{"TableName":"game"}' 2>/dev/null); then
		renew_table "$table" >/dev/null || fail "cannot renew the table 'game'"
	else
		"${kv[@]}" CreateTable - <"$deploy/table.json" >/dev/null ||
			fail "cannot make the table 'game'"
	fi
	case $("${kv[@]}" DescribeTimeToLive '{"TableName":"game"}') in
	*'"ENABL'*) ;;
	*) "${kv[@]}" UpdateTimeToLive - <"$deploy/time_to_live.json" >/dev/null ||
		fail "nothing would expire in the table 'game'" ;;
	esac
	lend=$(sed 's/\\/\\\\/g; s/"/\\"/g' "$deploy/lend.json" | tr -d '\n')
	"${kv[@]}" PutRolePolicy "{\"RoleName\": \"service:game\",
		\"PolicyName\": \"lend\", \"PolicyDocument\": \"$lend\"}" \
		>/dev/null || fail "cannot store the game's policy"
}
