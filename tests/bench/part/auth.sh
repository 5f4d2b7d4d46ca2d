# shellcheck shell=bash
# tests/bench/part/auth.sh - a pool with a user, and requests to it
# shellcheck source=tests/bench/part/suite.sh
. "$(dirname "${BASH_SOURCE[0]}")/suite.sh"
cores=$(nproc)
seconds=${SECONDS_EACH:-3}

auth_start() {
	export PARLOR_HOME=$work/home
	export PARLOR_AUTH_SIGN_INS_PER_ADDRESS=0 # all come from one
	server
	sign_up bench
	client=$(field client_id <"$data/endpoints.json")
	socket=$data/run/auth.socket
}

# Asks in Cognito's form; the answer is one line.
cognito() { # HOST:PORT OPERATION MESSAGE
	curl -sS --fail-with-body "http://$1/" -d "$3" \
		-H "x-amz-target: AWSCognitoIdentityProviderService.$2" \
		-H 'content-type: application/x-amz-json-1.1' | tr -d '\n'
}

sign_in() { # HOST:PORT CLIENT NAME: the tokens
	cognito "$1" InitiateAuth "{\"AuthFlow\": \"USER_PASSWORD_AUTH\",
		\"ClientId\": \"$2\", \"AuthParameters\": {\"USERNAME\": \"$3\",
		\"PASSWORD\": \"Correct-Horse-7\"}}"
}

refresh_message() { # CLIENT REFRESH-TOKEN
	printf '{"AuthFlow":"REFRESH_TOKEN_AUTH","ClientId":"%s",%s' "$1" \
		"\"AuthParameters\":{\"REFRESH_TOKEN\":\"$2\"}}"
}

byte() { printf %b "\\x$(printf %02x "$1")"; }

# A request as tests/bench/load.c takes it.
put_request() { # METHOD HOST:PORT OPERATION-OR-PATH [MESSAGE]
	local text shift
	if [ "$1" = GET ]; then
		text=$(printf 'GET %s HTTP/1.1\r\nHost: %s\r\n\r\nx' "$3" "$2")
		text=${text%x}
	else
		text=$(printf '%s / HTTP/1.1\r\nHost: %s\r\n%s\r\n%s%s\r\n%s%d\r\n\r\n%s' \
			"$1" "$2" 'Content-Type: application/x-amz-json-1.1' \
			'X-Amz-Target: AWSCognitoIdentityProviderService.' "$3" \
			'Content-Length: ' ${#4} "$4")
	fi
	for shift in 0 8 16 24; do byte $((${#text} >> shift & 255)); done
	printf %s "$text"
}

# Requests that refresh so many sign-ins in turn.
refreshes() { # COUNT
	local i host
	host=$(endpoint auth)
	for ((i = 0; i < $1; i++)); do
		put_request POST "$host" InitiateAuth "$(refresh_message "$client" \
			"$(sign_in "$host" "$client" bench | field RefreshToken)")"
	done
}

# What the driver said was done a second, to what the processors could have done
# beside it.
to_bare() { # SAID BARE
	echo "$1 bare $2" >&2
	awk -v rate="$(field rate <<<"$1")" -v own="$(field own_us <<<"$1")" \
		-v all="$(field seconds <<<"$1")" -v cores="$cores" -v bare="$2" \
		'BEGIN { printf "%.3f\n", rate / (bare * (1 - own / 1e6 / all / cores)) }'
}
