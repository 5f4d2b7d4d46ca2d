#!/bin/bash
# Milliseconds of one durable move at the median, less three syncs
# shellcheck source=tests/bench/part/suite.sh
. "$(dirname "$0")/../part/suite.sh"

server
export PARLOR_HOME=$work/home
for name in ann bob; do
	sign_up $name
	token $name
done >"$work/tokens"

for _ in 1 2 3 4 5; do
	"$bench/moves" --to "$(endpoint gateway)" --tokens "$work/tokens" \
		--file "$data/sync" --moves 200 |
		tee -a "$work/runs" >"$work/run"
	move=$(field move_us <"$work/run") sync=$(field sync_us <"$work/run")
	awk -v m="$move" -v s="$sync" 'BEGIN { print (m - 3 * s) / 1000 }'
done >"$work/ours"
cat "$work/runs" >&2
median <"$work/ours"
