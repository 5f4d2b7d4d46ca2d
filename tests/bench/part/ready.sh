# shellcheck shell=bash
# tests/bench/part/ready.sh - a daemon on its own: from its start to ready

now() { echo $(($(date +%s%N) / 1000)); }

is_ready() { # PORT
	local line
	exec 3<>"/dev/tcp/127.0.0.1/$1" || return 1
	printf 'GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
	read -r -t 1 line <&3
	exec 3>&-
	[[ $line == *" 200 "* ]]
}

start_alone() { # NAME: milliseconds until it is ready
	local from to
	rm -f "$work/$1.at"
	from=$(now)
	"build/release/parlor-$1" --data "$data" --listen 127.0.0.1:0 \
		--admin-listen 127.0.0.1:0 --address-file "$work/$1.at" \
		2>>"$work/$1.log" &
	started+=($!)
	while [ $(($(now) - from)) -lt 5000000 ]; do
		[ -s "$work/$1.at" ] &&
			is_ready "$(sed 's/.*://' "$work/$1.at")" && break
		sleep 0.002
	done
	to=$(now)
	cp "$work/$1.at" "$work/$1"
	awk -v n="$1" -v us=$((to - from)) \
		'BEGIN { print us / 1000; print n, us / 1000 > "/dev/stderr" }'
}
