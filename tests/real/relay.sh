# shellcheck shell=bash disable=SC2154 # What is not set here, tests/real-servers sets.
# A part of tests/real-servers: what all examples send, and the normaliser and the scrubber of Sentry's own Relay, which look at it as
# Sentry does when it takes it in.

relay_packages=(sentry-relay==0.10.1)

check_relay() {
    local relay port envelopes="$run/envelopes" name wanted
    have_python relay "${relay_packages[@]}"
    relay="$python"
    have_grpcio
    port="$(free_port)"
    start ingest python3 tests/real/keep_envelopes.py "$port" "$envelopes"
    must_start ingest 10 grep -qs listening "$run/ingest.log"

    for name in example-axum example-hyper example-tonic; do
        start_example "$name" SENTRY_DSN="http://publickey@127.0.0.1:$port/1" SENTRY_RELEASE=shop@1.2.3 ENVIRONMENT=production \
            SENTRY_TRACES_SAMPLE_RATE=1 METRICS_PORT=0 NO_COLOR=1
        if [ "$name" = example-tonic ]; then ask_tonic; else ask_http; fi
        # What is still queued is sent at its end.
        kill -TERM "$pid"
        wait "$pid" || die "$name did not end well"
    done

    wanted="$("$relay" tests/real/relay.py "$envelopes" 2>&1)" || wanted="${wanted:-it could not be looked at}"
    if [ -z "$wanted" ]; then
        ok "Relay takes all $(find "$envelopes" -type f | wc -l) envelopes of the examples without an error, and finds nothing to scrub"
    else
        not_ok "Relay takes all envelopes of the examples without an error, and finds nothing to scrub" "$(head -n 20 <<<"$wanted")"
    fi
}

# As browsers, proxies and other services ask, and as those who look for holes. No text has the word "password" in it: Relay takes out all of
# such a text, though there be no password in it any more.
ask_http() {
    local path trace=4bf92f3577b34da6a3ce929d0e0e4736
    for path in '/users/1?page=2&token=planted' /users/99 /error /panic '/error?message=to%20ada@example.com%20from%20203.0.113.7' \
        '/error?message=key%20sk_live_4eC39HqLyjWDarjtT1zdp7dc' '/panic?message=4111%201111%201111%201111' /no/such/203.0.113.7 /stream '/slow?ms=20' \
        '/?q=../../etc/hosts' '/users/203.0.113.7'; do
        curl -sS --max-time 20 -o /dev/null "$example$path" \
            -A 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36' \
            -H 'sec-ch-ua: "Chromium";v="120", "Not_A Brand";v="99"' -H 'referer: http://203.0.113.7/?session=planted' \
            -H 'x-forwarded-for: 203.0.113.7' -H 'forwarded: for=203.0.113.7' -H 'authorization: Bearer planted' -H 'cookie: session=planted' \
            -H 'accept-language: de-DE,de;q=0.9' -H "sentry-trace: $trace-00f067aa0ba902b7-1" \
            -H "baggage: sentry-trace_id=$trace,sentry-public_key=theirs,sentry-sample_rate=0.5,sentry-sampled=true" 2>/dev/null || true
    done
    curl -sS --max-time 20 -o /dev/null -H 'content-type: application/json' -d '{"item":"lamp","card":"4111111111111111"}' "$example/orders"
    curl -sS --max-time 20 -o /dev/null -d 'lamp of ada@example.com,x' "$example/orders/import"
}

ask_tonic() {
    local name
    for name in ada error panic; do
        "$grpcio" tests/real/grpc_call.py "${example#http://}" "$name" planted 7 >/dev/null 2>&1 || true
    done
}
