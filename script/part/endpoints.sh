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

# The game's table and what its service may lend, once.
bootstrap() {
	local kv=("$bin/parlor" --endpoints "$1" kv) lend
	"${kv[@]}" DescribeTable '{"TableName":"game"}' >/dev/null 2>&1 && return
	"${kv[@]}" CreateTable - <"$deploy/table.json" >/dev/null ||
		fail "cannot make the table 'game'"
	lend=$(sed 's/\\/\\\\/g; s/"/\\"/g' "$deploy/lend.json" | tr -d '\n')
	"${kv[@]}" PutRolePolicy "{\"RoleName\": \"service:game\",
		\"PolicyName\": \"lend\", \"PolicyDocument\": \"$lend\"}" \
		>/dev/null || fail "cannot store the game's policy"
}
