# shellcheck shell=bash
# tests/bench/part/grow.sh - a store of 10 million items; rows kv.grow…
#
# It is filled once and asked for all that the rows say of it. script/bench keeps
# the answers for the other rows, which ask for them by `grow NAME`.
# shellcheck source=tests/bench/part/suite.sh
. "$(dirname "${BASH_SOURCE[0]}")/suite.sh"
# shellcheck source=tests/bench/part/ready.sh
. tests/bench/part/ready.sh
items=${ITEMS:-10000000} few=10000
kept=${PARLOR_BENCH_KEPT:-$work}/grow

rate() { # KIND
	taskset -c 1 "$bench/load" --to "$(endpoint kv)" --requests "$work/$1" \
		--connections 64 --seconds "${SECONDS_EACH:-3}" --pid "$(pid kv)" |
		tee -a "$work/runs" | field rate
}

grow_all() {
	local bytes
	export PARLOR_KV_THREADS=1
	server
	tokens 1000 "$work/tokens"
	new_table few $few "$work/tokens" fill pk
	requests get $few 100000 "$work/tokens" --table few
	mv "$work/get" "$work/few"
	table "$items" "$work/tokens"
	requests get "$items" 1000000 "$work/tokens"
	pin 0 "$(pid kv)"
	for _ in 1 2 3 4 5; do
		rate get >>"$work/ours"
		rate few >>"$work/theirs"
	done
	cat "$work/runs" >&2
	echo "rate $(ratio "$(median <"$work/ours")" "$(median <"$work/theirs")")"
	kill "${started[0]}"
	wait "${started[0]}" || true
	started=()
	bytes=$(stat -c %s "$data/store/data.mdb")
	"$bench/bare_lmdb" "$work/bare" "$items" 0 >/dev/null
	echo "file $(ratio "$bytes" "$(stat -c %s "$work/bare/data.mdb")")"
	start_alone kv >"$work/ms"
	echo "ready $(ratio "$(cat "$work/ms")" 1000)"
}

grow() { # NAME: rate, file or ready
	[ -e "$kept" ] || grow_all >"$work/all"
	[ -e "$kept" ] || mv "$work/all" "$kept"
	awk -v name="$1" '$1 == name { print $2 }' "$kept"
}
