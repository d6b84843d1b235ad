# shellcheck shell=bash disable=SC2154 # What is not set here, tests/real-servers sets.
# A part of tests/real-servers: the axum example, and a real Prometheus that scrapes it; then, with the tonic example too, what the rules
# and the dashboard that users are given ask it.

check_prometheus() {
    local users p95 prometheus
    have_prometheus
    start_example example-axum ENVIRONMENT=production
    must_start example-axum 30 curl -fsS -o /dev/null --max-time 2 "$example/health" 2>/dev/null

    send_users
    users=120
    send '/error?n=[1-20]' 500 20
    send '/nope/[1-40]' 404 40
    send '/slow?ms=50&n=[1-10]' 200 10
    send '/users/1' 405 1 -X PURGE

    check_exposition
    check_schemes
    start_prometheus example="${example#http://}"
    check_target
    check_latency
    check_counts
    check_labels
    check_active
    check_load
    check_rules
    check_queries
}

# The rules that users are given: read by Prometheus' own tool, and tried on made-up series, each alert once.
check_rules() {
    local what
    for what in "check config" "check rules" "test rules"; do
        local file=examples/observability/rules.yml
        [ "$what" = "check config" ] && file=examples/observability/prometheus.yml
        [ "$what" = "test rules" ] && file=examples/observability/rules_test.yml
        # shellcheck disable=SC2086 # Two words.
        if promtool $what "$file" >"$run/promtool" 2>&1; then
            ok "promtool $what of examples/observability"
        else
            not_ok "promtool $what of examples/observability" "$(tail -n 20 "$run/promtool")"
        fi
    done
}

runs() {
    prometheus --version >/dev/null 2>&1 && promtool --version >/dev/null 2>&1
}

# Takes the two programs out of Debian's package into the work folder, which needs no root.
unpack_prometheus() {
    local folder="$work/prometheus"
    rm -rf "$folder"
    mkdir -p "$folder"
    (
        cd "$folder" || exit 1
        apt-get -qq -o APT::Sandbox::User="$(id -un)" download prometheus || exit 1
        dpkg-deb --fsys-tarfile prometheus_*.deb | tar -x ./usr/bin/prometheus ./usr/bin/promtool
        rm -f prometheus_*.deb
    )
}

have_prometheus() {
    PATH="$PATH:$work/prometheus/usr/bin"
    runs && return
    command -v apt-get >/dev/null || die "Prometheus is missing, and without apt-get this script cannot install it"
    echo "# fetching Debian's prometheus package"
    {
        unpack_prometheus || { as_root apt-get -qq update && unpack_prometheus; } || true
        hash -r
        # What the programs miss besides, the package's dependencies bring.
        runs || apt_install prometheus || true
        hash -r
    } >"$run/apt.log" 2>&1 </dev/null
    runs && return
    tail -n 20 "$run/apt.log" >&2
    die "Prometheus could not be installed; the end of apt's output is above"
}

# start_prometheus JOB=HOST:PORT…: scrapes them each second, and evaluates the rules that users are given; sets $prometheus.
start_prometheus() {
    local port target
    port="$(free_port)"
    {
        cat <<YAML
global:
  scrape_interval: 1s
  scrape_timeout: 1s
  evaluation_interval: 1s
rule_files: ["$PWD/examples/observability/rules.yml"]
scrape_configs:
YAML
        for target in "$@"; do
            echo "  - {job_name: ${target%%=*}, static_configs: [{targets: ['${target#*=}']}]}"
        done
    } >"$run/prometheus.$port.yml"
    prometheus="http://127.0.0.1:$port"
    start prometheus prometheus --config.file="$run/prometheus.$port.yml" --storage.tsdb.path="$run/data.$port" \
        --web.listen-address="127.0.0.1:$port" --log.level=warn
    must_start prometheus 30 curl -fsS -o /dev/null --max-time 2 "$prometheus/-/ready" 2>/dev/null
}

# query EXPRESSION [LABEL]: a line for each series, of the label's value, if any, and the number.
query() {
    curl -fsS --max-time 10 "$prometheus/api/v1/query" --data-urlencode "query=$1" | python3 -c '
import json, sys
for series in json.load(sys.stdin)["data"]["result"]:
    print(*[series["metric"].get(label, "-") for label in sys.argv[1:]], series["value"][1])' ${2:+"$2"}
}

target_is_up() {
    [ "$(query 'up{job="example"}')" = 1 ]
}

# send PATH-PATTERN STATUS COUNT [CURL OPTION…]: the pattern is curl's own, and must make COUNT requests.
send() {
    local path="$1" status="$2" count="$3" statuses
    shift 3
    statuses="$(curl -sS --max-time 60 -o /dev/null -w '%{http_code}\n' "$@" "$example$path" | sort | uniq -c | xargs)"
    [ "$statuses" = "$count $status" ] || die "$path answered (count, status) $statuses instead of $count $status"
}

send_users() {
    send '/users/[1-3]?token=secret[1-40]' 200 120
}

check_exposition() {
    curl -fsS --max-time 10 "$example/metrics" >"$run/metrics" || die "GET /metrics failed"
    accepted "/metrics" "$run/metrics"
    same "gzip is what is sent if it is accepted" "gzip 200" \
        "$(curl -fsS --max-time 10 -o "$run/metrics.gz" -H 'accept-encoding: gzip' -w '%header{content-encoding} %{http_code}' "$example/metrics")"
    # Between the two, numbers have changed.
    same "and it is the same page" "$(grep -c '^# TYPE' "$run/metrics")" "$(gzip -dc "$run/metrics.gz" | grep -c '^# TYPE' || true)"
}

# accepted NAME FILE
accepted() {
    local lint status=0
    lint="$(promtool check metrics <"$2" 2>&1)" || status=$?
    if [ "$status" = 0 ] && [ -z "$lint" ]; then
        ok "promtool accepts $1 and has nothing to say about it"
    else
        not_ok "promtool accepts $1 and has nothing to say about it" "exit status $status
$lint"
    fi
}

# All metrics of each scheme, and of the instruments, which tests have written.
check_schemes() {
    local scheme pages="${CARGO_TARGET_DIR:-target}/tmp"
    echo "# building tests"
    cargo test -q -p tests --test metrics --test instruments -- is_written >"$run/pages.log" 2>&1 ||
        die "the pages were not written: $(tail -n 20 "$run/pages.log")"
    for scheme in opentelemetry classic prefixed; do
        accepted "the $scheme scheme" "$pages/metrics-$scheme.prom"
    done
    accepted "what all instruments and the process make" "$pages/metrics-instruments.prom"
}

# While Prometheus scrapes: what it saw the count rise by is what was sent.
check_load() {
    local series='http_server_request_duration_seconds_count{http_route="/users/{id}",http_response_status_code="200"}' before
    sleep 2
    before="$(query 'vector(time())')"
    send '/users/[1-3]?n=[1-2000]' 200 6000 --parallel --parallel-max 20
    risen_by "$series" "$before" 6000
}

# risen_by SERIES TIME COUNT: exactly, and by rate() as exactly as that extrapolates.
risen_by() {
    local series="$1" before="$2" sent="$3" window rate
    has_risen() { [ "$(query "sum($series) - sum($series @ $before)")" = "$sent" ]; }
    until_true 10 has_risen || true
    same "under load, Prometheus saw each of $sent: $series" "$sent" "$(query "sum($series) - sum($series @ $before)")"
    # The window begins before the load and ends behind it, so that both ends are flat.
    sleep 3
    window="$(query 'vector(time())' | awk -v before="$before" '{ print int($1 - before) + 2 }')"
    rate="$(query "sum(rate(${series}[${window}s])) * $window")"
    if awk -v rate="$rate" -v sent="$sent" 'BEGIN { exit !(rate > sent * 0.8 && rate < sent * 1.2) }'; then
        ok "and rate() tells as much: $rate"
    else
        not_ok "and rate() tells as much" "it tells ${rate:-nothing}"
    fi
}

check_target() {
    if until_true 20 target_is_up; then
        ok "Prometheus scrapes the example"
    else
        not_ok "Prometheus scrapes the example" "$(curl -fsS "$prometheus/api/v1/targets" || true)"
    fi
}

user_p95_is_positive() {
    # A rate needs requests between two scrapes.
    send_users
    users=$((users + 120))
    p95="$(query 'histogram_quantile(0.95, sum by (le, http_route) (rate(http_server_request_duration_seconds_bucket[30s])))' http_route)"
    awk '$1 == "/users/{id}" && $2 != "NaN" && $2 > 0 { found = 1 } END { exit !found }' <<<"$p95"
}

check_latency() {
    if until_true 30 user_p95_is_positive; then
        ok "Prometheus computes the 95th percentile of /users/{id}: $(awk '$1 == "/users/{id}" { print $2 }' <<<"$p95") s"
    else
        not_ok "Prometheus computes the 95th percentile of /users/{id}" "by route: ${p95:-nothing}"
    fi
}

counted() {
    query "sum(http_server_request_duration_seconds_count{$1})"
}

all_are_counted() {
    [ "$(counted 'http_route="/users/{id}",http_response_status_code="200"')" = "$users" ]
}

check_counts() {
    # The next scrape brings the last of them.
    until_true 10 all_are_counted || true
    same "each request to /users/{id} was counted" "$users" \
        "$(counted 'http_route="/users/{id}",http_request_method="GET",http_response_status_code="200",url_scheme="http"')"
    same "each 404 was counted" 40 "$(counted 'http_response_status_code="404"')"
    same "each 500 was counted, as an error" 20 \
        "$(counted 'http_route="/error",http_response_status_code="500",error_type!=""')"
    same "each slow request took its 50 ms" 10 \
        "$(query 'sum(http_server_request_duration_seconds_count{http_route="/slow"}) - sum(http_server_request_duration_seconds_bucket{http_route="/slow",le="0.05"})')"
}

check_labels() {
    local raw
    raw="$(curl -fsS --max-time 10 "$prometheus/api/v1/series" --data-urlencode 'match[]={job="example"}' | python3 -c '
import json, re, sys
series = json.load(sys.stdin)["data"]
if not series: print("no series at all")
raw = re.compile(r"/nope|/users/[0-9]|secret|\?|PURGE")
for name, value in sorted({pair for labels in series for pair in labels.items()}):
    if raw.search(value): print("%s=%r" % (name, value))')" || raw="the series could not be read"
    if [ -z "$raw" ]; then
        ok "no label holds a raw path, a query or a made-up method"
    else
        not_ok "no label holds a raw path, a query or a made-up method" "$(head -n 20 <<<"$raw")"
    fi
}

check_active() {
    local active
    active="$(query 'count(http_server_active_requests)')"
    if [ -n "$active" ]; then
        ok "http_server_active_requests is there"
    else
        not_ok "http_server_active_requests is there" "no such series"
    fi
}

# All that the rules and the dashboard ask, of a Prometheus that scrapes both examples on a bad day: Sentry cannot be reached either.
check_queries() {
    local shop greeter page word name why round
    have_grpcio
    start_example example-axum ENVIRONMENT=production SENTRY_DSN="http://key@127.0.0.1:$(free_port)/1"
    shop="$example"
    start_example example-tonic ENVIRONMENT=production METRICS_PORT=0
    greeter="$example"
    page="$(sed -n 's|^metrics on ||p' "$run/example-tonic.log")"
    example="$shop"
    start_prometheus orders="${shop#http://}" greeter="$(sed 's|^http://||; s|/metrics$||' <<<"$page")"
    # A rate needs a series that is there already.
    for round in 1 2 3; do
        echo "# a bad day, round $round"
        have_a_bad_day "$greeter"
        sleep 2
    done

    curl -fsS --max-time 10 "$shop/metrics" >"$run/metrics" || die "GET /metrics failed"
    accepted "the axum example's metrics, of all its instruments," "$run/metrics"
    curl -fsS --max-time 10 "$page" >"$run/call-metrics" || die "GET $page failed"
    accepted "the tonic example's metrics" "$run/call-metrics"
    python3 tests/real/queries.py "$prometheus" examples/observability/dashboard.json >"$run/queries" 2>"$run/queries.log" ||
        die "the queries were not all made: $(tail -n 5 "$run/queries.log")"
    while IFS=$'\t' read -r word name why; do
        if [ "$word" = ok ]; then ok "$name"; else not_ok "$name" "$why"; fi
    done <"$run/queries"
}

# have_a_bad_day GREETER: each thing that either example can do, and each that can happen to it.
have_a_bad_day() {
    local greeter="$1" json='content-type: application/json' n session
    {
        for n in $(seq 30); do
            curl -sS --max-time 10 -H "$json" -d '{"item":"lamp","coupon":"coupon-'"$n"'"}' "$example/orders"
        done
        curl -sS --max-time 10 -H "$json" -d '{"item":"lamp","quantity":5000}' "$example/orders"
        curl -sS --max-time 10 -H "$json" -d '{"item":"lamp","quantity":0}' "$example/orders"
        curl -sS --max-time 10 -d 'lamp,2' "$example/orders/import"
        curl -sS --max-time 10 -d 'lamp' "$example/orders/import"
        curl -sS --max-time 10 -H "$json" -d '{"username":"ada","password":""}' "$example/login"
        session="$(curl -sS --max-time 10 -H "$json" -d '{"username":"ada","password":"x"}' "$example/login" |
            python3 -c 'import json, sys; print(json.load(sys.stdin)["token"])')"
        curl -sS --max-time 10 -H "authorization: Bearer $session" "$example/me"
        curl -sS --max-time 10 -H "authorization: Bearer old" "$example/me"
        curl -sS --max-time 10 -d 'where is my order?' "$example/ask"
        curl -sS --max-time 10 -H 'content-type: audio/ogg' -d 'OggS' "$example/ask"
        curl -sS --max-time 10 "$example/users/[1-4]" "$example/stream" "$example/error" "$example/nope"
        curl -sS --max-time 10 "$example/panic"
        curl -sS --max-time 0.2 "$example/slow?ms=1000"
        curl -sS --max-time 60 --parallel --parallel-max 20 "$example/users/[1-3]?n=[1-1000]"
        # More than there are connections.
        curl -sS --max-time 10 --parallel --parallel-immediate --parallel-max 20 "$example/slow?ms=1100&n=[1-15]"
        timeout 120 "$grpcio" tests/real/grpc_client.py "${greeter#http://}" 4bf92f3577b34da6a3ce929d0e0e4736
    } >"$run/bad-day.log" 2>&1 </dev/null || true
}
