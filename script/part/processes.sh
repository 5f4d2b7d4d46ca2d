# shellcheck shell=bash
# script/part/processes.sh - the suite's four processes
#
# Needs `data` and `bin`, as script/server sets them, and ports.sh.
# shellcheck disable=SC2154

declare -A pids=()

# In a session of its own, so that Ctrl-C reaches only the script; it ends with
# the script in any case.
start() {
	rm -f "$data/run/$1" "$data/run/$1.admin"
	setsid setpriv --pdeathsig TERM "$bin/parlor-$1" --data "$data" \
		--address-file "$data/run/$1" \
		</dev/null >>"$data/log/$1.log" 2>&1 9>&- &
	pids[$1]=$!
}

why() { # the last complaint in a daemon's log
	sed -n 's/.*"level":"error".*"message":"\(.*\)"}$/\1/p' \
		"$data/log/$1.log" | tail -n 1
}

wait_ready() {
	local tries=0
	until [ -e "$data/run/$1" ] &&
		"$bin/parlor-$1" --data "$data" --health >/dev/null; do
		kill -0 "${pids[$1]}" 2>/dev/null ||
			fail "parlor-$1: $(why "$1")"
		tries=$((tries + 1))
		[ $tries -lt 1500 ] || fail "parlor-$1 does not become ready"
		sleep 0.02
	done
}

start_all() {
	local name
	for name in "${names[@]}"; do start "$name"; done
	for name in "${names[@]}"; do wait_ready "$name"; done
}

stop_all() {
	trap - EXIT INT TERM
	rm -f "$data/endpoints.json" # it says that the suite is up
	[ ${#pids[@]} -eq 0 ] || kill -TERM "${pids[@]}" 2>/dev/null || true
	wait
}

# Whoever killed it may start another one in its place; only if nobody does it
# is started here.
restart() {
	local port
	echo "script/server: parlor-$1 ended ($2); it starts again" >&2
	port=$(cat "$data/run/$1") port=${port##*:}
	unset "pids[$1]"
	sleep 1
	listens "$port" && return
	start "$1"
	wait_ready "$1"
	write_endpoints "$data/endpoints.new"
	mv "$data/endpoints.new" "$data/endpoints.json"
}

# Returns never; signals end it.
watch_all() {
	local name ended status
	while true; do
		status=0
		{ wait -n -p ended "${pids[@]}"; } 2>/dev/null || status=$?
		for name in "${!pids[@]}"; do
			[ "${pids[$name]}" != "${ended:-}" ] ||
				restart "$name" "$status"
		done
		[ ${#pids[@]} -gt 0 ] || sleep 1
	done
}
