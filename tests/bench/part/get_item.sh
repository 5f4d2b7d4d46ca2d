# shellcheck shell=bash
# tests/bench/part/get_item.sh - a store's GetItem beside nginx's fixed body
# shellcheck source=tests/bench/part/suite.sh
. "$(dirname "${BASH_SOURCE[0]}")/suite.sh"
items=${ITEMS:-1000000}

get_item_start() { # a suite with one I/O thread and a full table
	export PARLOR_KV_THREADS=1
	server
	tokens 1000 "$work/tokens"
	table "$items" "$work/tokens"
}

run() { # KIND ADDRESS PID
	taskset -c 1 "$bench/load" --to "$2" --requests "$work/$1" \
		--connections 64 --seconds "${SECONDS_EACH:-3}" --pid "$3" |
		tee -a "$work/runs" | field cpu_us
}

# Prints the ratio of CPU times a request.
get_item() { # KIND TOKENS: of the requests
	local port=$((20000 + RANDOM % 10000))
	requests "$1" "$items" 100000 "$2"
	nginx tests/bench/part/nginx_fixed.conf port=$port \
		"body=$(printf 'x%.0s' {1..200})"
	pin 0 "$(pid kv)" "$(nginx_worker)"
	for _ in 1 2 3 4 5; do
		run "$1" "$(endpoint kv)" "$(pid kv)" >>"$work/ours"
		run "$1" "127.0.0.1:$port" "$(nginx_worker)" >>"$work/theirs"
	done
	cat "$work/runs" >&2
	ratio "$(median <"$work/ours")" "$(median <"$work/theirs")"
}
