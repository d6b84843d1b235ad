# shellcheck shell=bash disable=SC2154 # What is not set here, tests/real-servers sets.
# A part of tests/real-servers: the tonic example, and a client on gRPC's C core.

grpcio_packages=(grpcio==1.85.1 grpcio-health-checking==1.85.1 grpcio-reflection==1.85.1 protobuf==7.36.2)

check_grpcio() {
    local trace=4bf92f3577b34da6a3ce929d0e0e4736 metrics
    have_prometheus
    have_grpcio
    start_example example-tonic METRICS_PORT=0 ENVIRONMENT=test SENTRY_TRACES_SAMPLE_RATE=1 NO_COLOR=1
    metrics="$(sed -n 's|^metrics on ||p' "$run/example-tonic.log")"
    if ! timeout 120 "$grpcio" tests/real/grpc_client.py "${example#http://}" "$trace" >"$run/calls" 2>"$run/calls.log"; then
        tail -n 20 "$run/calls.log" >&2
        die "the gRPC client failed; the end of its output is above"
    fi

    check_calls
    check_at_rest
    check_call_metrics
    check_call_log
    check_call_reports
    check_trace
    check_inventions
    check_call_load
}

# Sets $grpcio to a Python that has it. Its C core is never built here, which would take longer than all else.
have_grpcio() {
    PIP_ONLY_BINARY=:all: have_python grpcio "${grpcio_packages[@]}"
    grpcio="$python"
}

# same_lines NAME COMMAND…: that it prints, in any order, what is on standard input. What is late has ten seconds to come.
same_lines() {
    local name="$1" expected
    shift
    expected="$(LC_ALL=C sort)"
    until_true 10 prints "$expected" "$@" || true
    if prints "$expected" "$@"; then ok "$name"; else not_ok "$name" "$(diff <(echo "$expected") <("$@" | LC_ALL=C sort) || true)"; fi
}

# prints LINES COMMAND…
prints() {
    local expected="$1"
    shift
    [ "$("$@" | LC_ALL=C sort)" = "$expected" ]
}

# Each of the lines on standard input once, after how often it is there.
counted_lines() {
    LC_ALL=C sort | uniq -c | sed 's/^ *//'
}

# What the client was told, call by call.
check_calls() {
    local call name
    while IFS= read -r call; do
        name="${call%%|*}"
        same "grpcio's call '$name' comes to ${call#*|}" "$call" "$(tr '\t' '|' <"$run/calls" | grep "^$name|" || true)"
    done <<'CALLS'
services|OK|grpc.reflection.v1.ServerReflection helloworld.Greeter
health|OK|SERVING
greeting|OK|hello invented-name
error|INTERNAL
panic|CANCELLED
deadline|DEADLINE_EXCEEDED
too large|OUT_OF_RANGE
undecodable|INTERNAL
unknown method|UNIMPLEMENTED
unknown service|UNIMPLEMENTED
stream|OK|hello invented-name, 5 of 5
stream with an error|INTERNAL|hello error, 1 of 5
stream with a panic|CANCELLED|hello panic, 1 of 5
stream left midway|CANCELLED|hello invented-name, 2 of 5
CALLS
}

# series NAME LABEL…: a line for each series of the example, of the labels' values and the number.
series() {
    curl -fsS --max-time 10 "$metrics" | python3 -c '
import re, sys
for line in sys.stdin:
    name, _, rest = line.partition("{")
    if name != sys.argv[1]: continue
    labels = dict(re.findall(r"(\w+)=\"([^\"]*)\"", rest))
    print(*[labels.get(label, "-") for label in sys.argv[2:]], rest.split()[-1])' "$@"
}

check_at_rest() {
    same_lines "no call is in flight any more" series http_server_active_requests http_request_method <<'SERIES'
POST 0
SERIES
}

# Health and reflection are not counted. A status that is the caller's own doing is no error, such as that of the message that
# is too large.
check_call_metrics() {
    same_lines "each call was counted as what it was, and nothing else" \
        series rpc_server_call_duration_seconds_count rpc_method rpc_response_status_code error_type <<'SERIES'
_OTHER UNIMPLEMENTED UNIMPLEMENTED 2
helloworld.Greeter/SayHello - panic 1
helloworld.Greeter/SayHello DEADLINE_EXCEEDED DEADLINE_EXCEEDED 1
helloworld.Greeter/SayHello INTERNAL INTERNAL 2
helloworld.Greeter/SayHello OK - 1
helloworld.Greeter/SayHello OUT_OF_RANGE - 1
helloworld.Greeter/StreamHello - cancelled 1
helloworld.Greeter/StreamHello - panic 1
helloworld.Greeter/StreamHello INTERNAL INTERNAL 1
helloworld.Greeter/StreamHello OK - 1
SERIES
    same_lines "and not as HTTP besides" series http_server_request_duration_seconds_count http_route <<<""
}

# logged: how often it says of which endpoint that a request ended how, and with which gRPC status.
logged() {
    sed -nE '/ tower_telemetry::access: request /{
        s/.* request ([a-z]+) (.*rpc\.response\.status_code="?([A-Z_-]+)"? )?.* (rpc\.method|http\.route)="([^"]*)".*/\5 \1 \3/
        s/ $/ -/
        p
    }' "$run/example-tonic.log" | counted_lines
}

check_call_log() {
    same_lines "each call has its line in the log, with gRPC's status" logged <<'LOG'
1 helloworld.Greeter/SayHello cancelled DEADLINE_EXCEEDED
1 helloworld.Greeter/SayHello completed OK
1 helloworld.Greeter/SayHello completed OUT_OF_RANGE
1 helloworld.Greeter/SayHello panicked -
2 helloworld.Greeter/SayHello completed INTERNAL
1 helloworld.Greeter/StreamHello cancelled -
1 helloworld.Greeter/StreamHello completed INTERNAL
1 helloworld.Greeter/StreamHello completed OK
1 helloworld.Greeter/StreamHello panicked -
2 unmatched completed UNIMPLEMENTED
LOG
}

# reported KIND: how often it prints which items of that kind for Sentry, without their times and traces.
reported() {
    sed -nE "s/^\[sentry\] ($1 .*), trace [0-9a-f]{32}\$/\1/p" "$run/example-tonic.log" |
        sed -E 's/, [0-9.]+ ms, spans [0-9]+$//' | counted_lines
}

check_call_reports() {
    same_lines "each error and each panic was reported once" reported event <<'EVENTS'
1 event error Status: code: 'Internal error', message: "failed to decode Protobuf message: invalid wire type value: 7", in helloworld.Greeter/SayHello
1 event error LookupError: the name could not be looked up, in helloworld.Greeter/SayHello
1 event error LookupError: the name could not be looked up, in helloworld.Greeter/StreamHello
1 event fatal panic: the example was asked to panic, in helloworld.Greeter/SayHello
1 event fatal panic: the example was asked to panic, in helloworld.Greeter/StreamHello
EVENTS
    same_lines "each call is one transaction" reported transaction <<'TRANSACTIONS'
1 transaction helloworld.Greeter/SayHello, deadline_exceeded
1 transaction helloworld.Greeter/SayHello, ok
1 transaction helloworld.Greeter/SayHello, out_of_range
3 transaction helloworld.Greeter/SayHello, internal_error
1 transaction helloworld.Greeter/StreamHello, cancelled
1 transaction helloworld.Greeter/StreamHello, ok
2 transaction helloworld.Greeter/StreamHello, internal_error
2 transaction POST unmatched, unimplemented
TRANSACTIONS
}

check_trace() {
    same "the call with a traceparent, and no other, goes on with its trace" 1 \
        "$(grep -c "^\[sentry\] transaction helloworld.Greeter/SayHello, ok, .* trace $trace\$" "$run/example-tonic.log" || true)"
}

# The methods, the service, the names and the metadata that the client made up.
check_inventions() {
    local invented
    invented="$({ curl -fsS --max-time 10 "$metrics" && cat "$run/example-tonic.log"; } | grep -i invented || true)"
    if [ -z "$invented" ]; then
        ok "nothing that the client made up is in the metrics or in the output"
    else
        not_ok "nothing that the client made up is in the metrics or in the output" "$(head -n 20 <<<"$invented")"
    fi
}

# With a Prometheus that scrapes meanwhile.
check_call_load() {
    local prometheus before calls=2000
    local count='rpc_server_call_duration_seconds_count{rpc_method="helloworld.Greeter/SayHello",rpc_response_status_code="OK"}'
    curl -fsS --max-time 10 "$metrics" >"$run/call-metrics" || die "GET $metrics failed"
    accepted "the tonic example's metrics" "$run/call-metrics"
    metrics="${metrics%/metrics}"
    start_prometheus example="${metrics#http://}"
    until_true 20 target_is_up || die "Prometheus does not scrape the tonic example"
    sleep 2
    before="$(query 'vector(time())')"
    timeout 120 "$grpcio" tests/real/grpc_client.py "${example#http://}" --load "$calls" >"$run/load" 2>"$run/load.log" ||
        die "the gRPC client failed: $(tail -n 5 "$run/load.log")"
    same "each call under load is answered" "load	OK	$calls" "$(cat "$run/load")"
    risen_by "$count" "$before" "$calls"
}
