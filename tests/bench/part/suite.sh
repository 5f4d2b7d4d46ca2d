# shellcheck shell=bash
# tests/bench/part/suite.sh - a suite of its own for a row of script/bench
#
# Sourced from the repository's root. Starts what script/server starts, with
# what the environment says, in a directory that goes with the row.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
bench=$PWD/build/release/bench
work=$(mktemp -d)
data=$work/data
started=()

end_all() {
	[ ${#started[@]} -eq 0 ] || kill "${started[@]}" 2>/dev/null || true
	wait
	rm -rf "$work"
}
trap end_all EXIT

say() { echo "$(basename "$0"): $*" >&2; }

server() {
	local tries=0
	script/server --data "$data" --port-base 0 >"$work/server.log" 2>&1 &
	started+=($!)
	until [ -e "$data/endpoints.json" ]; do
		kill -0 "${started[-1]}" || { cat "$work/server.log" >&2; exit 1; }
		tries=$((tries + 1))
		[ $tries -lt 600 ] || { say "the suite does not start"; exit 1; }
		sleep 0.1
	done
}

parlor() { build/release/parlor --endpoints "$data/endpoints.json" "$@"; }

endpoint() { # NAME: HOST:PORT
	sed -n "s|^ *\"$1\": \"http://\(.*\)\".*|\1|p" "$data/endpoints.json"
}

pid() { # of a daemon
	sed -n "s/.*\"pids\": {\(.*\)}.*/\1/p" "$data/endpoints.json" |
		grep -o "\"$1\": [0-9]*" | grep -o '[0-9]*$'
}

field() { # NAME: of one line of JSON on standard input
	grep -o "\"$1\": *\"\?[^\",}]*" | head -n 1 | sed 's/^[^:]*: *"\{0,1\}//'
}

sign_up() { # NAME
	local code
	echo 'Correct-Horse-7' | parlor --profile "$1" sign-up "$1" \
		--email "$1@example.com" --password-stdin >/dev/null
	code=$(grep -rhoE '\b[0-9]{6}\b' "$data/mail" | tail -n 1)
	rm -f "$data"/mail/*
	parlor --profile "$1" confirm "$1" "$code" >/dev/null
	echo 'Correct-Horse-7' | parlor --profile "$1" sign-in "$1" \
		--password-stdin >/dev/null
}

# The access token of a signed-in profile.
token() { # NAME
	field access_token <"$PARLOR_HOME/profiles/$1.json"
}

# That many different access tokens of one user, a line each.
tokens() { # COUNT FILE
	local client answer refresh i
	export PARLOR_HOME=$work/home
	sign_up bench
	client=$(field client_id <"$data/endpoints.json")
	answer=$(parlor call parlor.auth.v1.UserPool/InitiateAuth "{
		\"AuthFlow\": \"USER_PASSWORD_AUTH\", \"ClientId\": \"$client\",
		\"AuthParameters\": {\"USERNAME\": \"bench\",
		\"PASSWORD\": \"Correct-Horse-7\"}}" | tr -d '\n')
	refresh=$(echo "$answer" | field RefreshToken)
	for ((i = 0; i < $1; i++)); do
		parlor call parlor.auth.v1.UserPool/InitiateAuth "{
			\"AuthFlow\": \"REFRESH_TOKEN_AUTH\",
			\"ClientId\": \"$client\", \"AuthParameters\":
			{\"REFRESH_TOKEN\": \"$refresh\"}}" |
			tr -d '\n' | field AccessToken
	done >"$2"
	[ "$(sort -u "$2" | wc -l)" -eq "$1" ] || { say "tokens repeat"; exit 1; }
}

# A table that users may read and write, of string keys, filled.
new_table() { # NAME ITEMS TOKENS FILLING KEY...: the partition's, the sort key
	local policy='{"Version": "2012-10-17", "Statement": {"Effect": "Allow",
		"Principal": {"Parlor": "user:*"}, "Action": "dynamodb:*",
		"Resource": "*"}}'
	local name=$1 items=$2 tokens=$3 filling=$4 key types='' schema='' role=HASH
	shift 4
	for key in "$@"; do
		types="$types, {\"AttributeName\": \"$key\", \"AttributeType\": \"S\"}"
		schema="$schema, {\"AttributeName\": \"$key\", \"KeyType\": \"$role\"}"
		role=RANGE
	done
	policy=$(echo "$policy" | sed 's/"/\\"/g' | tr -d '\n\t')
	parlor kv CreateTable "{\"TableName\": \"$name\",
		\"AttributeDefinitions\": [${types#, }],
		\"KeySchema\": [${schema#, }], \"BillingMode\": \"PAY_PER_REQUEST\",
		\"ResourcePolicy\": \"$policy\"}" >/dev/null
	until parlor --profile bench kv Scan "{\"TableName\": \"$name\"}" \
		>/dev/null 2>&1; do
		sleep 0.1 # until the store knows the users' keys
	done
	requests "$filling" "$items" 0 "$tokens" --table "$name"
	if ! "$bench/load" --to "$(endpoint kv)" --requests "$work/$filling" \
		--once --seconds 3600 >/dev/null; then
		say "table $name could not be filled"
		exit 1
	fi
	rm "$work/$filling"
}

table() { new_table bench "$1" "$2" fill pk; }           # ITEMS TOKENS
table_rows() { new_table bench "$1" "$2" fill_rows pk sk; } # ITEMS TOKENS

requests() { # KIND ITEMS COUNT TOKENS [OPTION...]
	local kind=$1 items=$2 count=$3 tokens=$4
	shift 4
	"$bench/requests" "$kind" --host "$(endpoint kv)" --tokens "$tokens" \
		--items "$items" --count "$count" "$@" >"$work/$kind"
}

nginx() { # CONFIGURATION NAME=VALUE...
	local file=$work/nginx.conf name
	cp "$1" "$file"
	shift
	for name in "work=$work" "$@"; do
		sed -i "s|@${name%%=*}@|${name#*=}|g" "$file"
	done
	/usr/sbin/nginx -c "$file" 2>>"$work/nginx.log" &
	started+=($!)
	until [ -e "$work/nginx.pid" ]; do
		kill -0 "${started[-1]}" || { cat "$work/nginx.log" >&2; exit 1; }
		sleep 0.05
	done
}

# nginx's one worker.
nginx_worker() { pgrep -P "$(cat "$work/nginx.pid")"; }

# The administrator's access key, as requests of AWS's form want it.
admin_key() {
	field access_key_id <"$data/admin.json"
	field secret_access_key <"$data/admin.json"
	field region <"$data/endpoints.json"
}

pin() { # CPU PID...
	local cpu=$1
	shift
	for p in "$@"; do taskset -a -p -c "$cpu" "$p" >/dev/null; done
}

median() { sort -g | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.3f\n", a / b }'; }
