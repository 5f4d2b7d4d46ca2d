# shellcheck shell=bash
# script/part/ports.sh - which ports the suite has
#
# Needs `data` and `base`, as script/server sets them.
# shellcheck disable=SC2154

names=(gateway auth kv game) # in the order of their ports

listens() { # does somebody listen on this TCP port?
	cat /proc/net/tcp /proc/net/tcp6 2>/dev/null |
		awk -v port="$(printf ':%04X' "$1")" \
			'$4 == "0A" && $2 ~ port "$" { found = 1 }
			END { exit !found }'
}

ports_free() {
	local offset
	for offset in 0 1 2 3 10 11 12 13; do
		listens $(($1 + offset)) && return 1
	done
	return 0
}

choose_ports() {
	local random
	[ "$base" = 0 ] || return 0
	while true; do
		random=$(od -An -N2 -tu2 /dev/urandom)
		base=$((20000 + random % 800 * 15))
		ports_free "$base" && return 0
	done
}

# The ports of this run, over what the settings' file says.
export_ports() {
	local i name pool port own
	for i in 0 1 2 3; do
		name=${names[$i]^^} port=127.0.0.1:$((base + i))
		own=$(setting "${names[$i]}" | grep '^unix:' || true)
		export "PARLOR_${name}_LISTEN=$port${own:+,$own}"
		export "PARLOR_${name}_ADMIN_LISTEN=127.0.0.1:$((base + 10 + i))"
		export "PARLOR_SUITE_${name}=${own:-$port}"
	done
	export PARLOR_SUITE_CORS_ORIGINS="http://127.0.0.1:$base,http://localhost:$base"
	export PARLOR_GATEWAY_WEB_KV_URL="http://127.0.0.1:$((base + 2))"
	pool=$(setting user_pool_id)
	export PARLOR_SUITE_ISSUER="http://127.0.0.1:$((base + 1))/$pool"
}

setting() { # a value of the section suite, as init wrote it
	sed -n "s/^  $1: *//p" "$data/parlor.yaml" | head -n 1
}
