# shellcheck shell=bash disable=SC2154 # What is not set here, tests/real-servers sets.
# A part of tests/real-servers: the axum and the tonic example, and a real Bugsink that takes in what they report.

bugsink_packages=(bugsink==2.6.1)

# Must not get there.
planted=planted-4711-secret

check_bugsink() {
    local bugsink bugsink_url token dsn in_bugsink
    have_bugsink
    start_bugsink

    start_project axum
    start_example example-axum SENTRY_DSN="$dsn" SENTRY_RELEASE=shop@1.2.3 ENVIRONMENT=production NO_COLOR=1
    report_from_axum
    check_issues axum <<'ISSUES'
PaymentError: the payment failed|GET /error|2
panic: the example was asked to panic|GET /panic|1
ISSUES
    check_event axum PaymentError <<EVENT
exception.values.-1.mechanism.handled|true
exception.values.0.type|Custom
exception.values.0.value|the bank does not answer
exception.values.1.type|PaymentError
release|shop@1.2.3
environment|production
request.method|GET
request.url|$example/error
request.query_string|page=2&token=[Filtered]
request.headers.authorization|-
request.headers.cookie|-
request.headers.user-agent|tests/1
tags.request_path|/error
tags.request_id|request-1
transaction|GET /error
user.id|1
user.username|ada
EVENT
    check_event axum panic <<EVENT
exception.values.0.mechanism.handled|false
exception.values.0.value|the example was asked to panic
exception.values.0.stacktrace.frames.function~try_out::panic|true
level|fatal
request.query_string|token=[Filtered]
tags.request_path|/panic
transaction|GET /panic
user.id|1
EVENT
    check_stack_trace axum panic 'try_out'

    start_project tonic
    start_example example-tonic SENTRY_DSN="$dsn" SENTRY_RELEASE=shop@1.2.3 ENVIRONMENT=production METRICS_PORT=0 NO_COLOR=1
    report_from_tonic
    check_issues tonic <<'ISSUES'
LookupError: the name could not be looked up|helloworld.Greeter/SayHello|1
panic: the example was asked to panic|helloworld.Greeter/SayHello|1
ISSUES
    check_event tonic LookupError <<EVENT
exception.values.0.value|the directory does not answer
exception.values.1.type|LookupError
request.method|POST
request.url|$example/helloworld.Greeter/SayHello
request.headers.authorization|-
request.headers.content-type|application/grpc
transaction|helloworld.Greeter/SayHello
user.id|user-7
EVENT
    check_event tonic panic <<EVENT
exception.values.0.mechanism.handled|false
exception.values.0.stacktrace.frames.function~greeter::|true
transaction|helloworld.Greeter/SayHello
user.id|user-7
EVENT
    check_stack_trace tonic panic 'greeter'
    check_nothing_planted
}

have_bugsink() {
    have_python bugsink "${bugsink_packages[@]}"
    bugsink="$work/bugsink/bin"
}

# In a folder of this run's own: its databases and what it takes in. Tasks are done at once, in the server, and it tells nobody of itself.
start_bugsink() {
    local port folder="$run/bugsink"
    port="$(free_port)"
    in_bugsink=(env -C "$folder" PYTHONPATH="$folder" DJANGO_SETTINGS_MODULE=bugsink_conf PYTHONUNBUFFERED=1)
    mkdir "$folder"
    "$bugsink/bugsink-create-conf" --template=local --host=127.0.0.1 --port="$port" -o "$folder/bugsink_conf.py" >/dev/null
    cat >>"$folder/bugsink_conf.py" <<PYTHON
DATABASES["default"]["NAME"] = "$folder/db.sqlite3"
DATABASES["snappea"]["NAME"] = "$folder/snappea.sqlite3"
BUGSINK["INGEST_STORE_BASE_DIR"] = "$folder/ingestion"
BUGSINK["PHONEHOME"] = False
ALLOWED_HOSTS = ["127.0.0.1"]
PYTHON
    {
        manage migrate && manage migrate snappea --database=snappea
    } >"$run/migrate.log" 2>&1 </dev/null || { tail -n 20 "$run/migrate.log" >&2; die "Bugsink's databases could not be made"; }
    token="$(manage create_auth_token 2>/dev/null | tail -n 1)"
    bugsink_url="http://127.0.0.1:$port"
    # Not by a function: what is stopped at the end is the server itself, and not a shell that waits for it.
    start bugsink "${in_bugsink[@]}" "$bugsink/gunicorn" --bind "127.0.0.1:$port" --workers 1 --threads 4 bugsink.wsgi
    must_start bugsink 60 curl -fsS -o /dev/null --max-time 2 "$bugsink_url/health/ready" 2>/dev/null
}

manage() {
    "${in_bugsink[@]}" "$bugsink/bugsink-manage" "$@"
}

# start_project NAME: makes a project in Bugsink, and sets $dsn to where its events go.
start_project() {
    dsn="$(manage shell -c "
from teams.models import Team
from projects.models import Project
team, _ = Team.objects.get_or_create(name='examples')
print('dsn', Project.objects.create(name='$1', team=team).dsn)" 2>/dev/null </dev/null | sed -n 's/^dsn //p')"
    [ -n "$dsn" ] || die "Bugsink made no project"
}

# of_bugsink PATH [QUERY…]: an answer of its API.
of_bugsink() {
    local path="$1"
    shift
    curl -fsS --max-time 10 -G -H "Authorization: Bearer $token" "$bugsink_url/api/canonical/0/$path" "$@"
}

report_from_axum() {
    local session
    session="$(curl -fsS --max-time 10 -H 'content-type: application/json' -d '{"username":"ada","password":"'"$planted"'"}' "$example/login" |
        python3 -c 'import json, sys; print(json.load(sys.stdin)["token"])')"
    send "/error?page=2&token=$planted" 500 1 -H "authorization: Bearer $session" -H "cookie: session=$planted" \
        -H "x-api-key: $planted" -H 'user-agent: tests/1' -H 'x-request-id: request-1'
    curl -sS --max-time 10 -o /dev/null -H "authorization: Bearer $session" "$example/panic?token=$planted" 2>/dev/null || true
    send "/error?page=2&token=$planted" 500 1 -H "authorization: Bearer $session" -H 'user-agent: tests/1' -H 'x-request-id: request-1'
}

report_from_tonic() {
    local name
    have_grpcio
    for name in error panic; do
        "$grpcio" tests/real/grpc_call.py "${example#http://}" "$name" "$planted" user-7 >/dev/null 2>&1 || true
    done
}

# listed PROJECT: a line for each issue, of its title, its transaction, and how many events it has.
listed() {
    of_bugsink issues/ -d "project=$(project_id "$1")" | python3 -c '
import json, sys
for issue in json.load(sys.stdin)["results"]:
    print("%s: %s|%s|%s" % (issue["calculated_type"], issue["calculated_value"], issue["transaction"], issue["digested_event_count"]))' |
        LC_ALL=C sort
}

project_id() {
    of_bugsink projects/ | python3 -c '
import json, sys
print(*[project["id"] for project in json.load(sys.stdin)["results"] if project["name"] == sys.argv[1]])' "$1"
}

check_issues() {
    same_lines "Bugsink lists each error and each panic of the $1 example once, by its title and its route" listed "$1"
}

# event PROJECT TYPE [FIELD]: the latest event of the issue with that type.
event() {
    local issue id
    issue="$(of_bugsink issues/ -d "project=$(project_id "$1")" | python3 -c '
import json, sys
print(*[issue["id"] for issue in json.load(sys.stdin)["results"] if issue["calculated_type"] == sys.argv[1]])' "$2")"
    id="$(of_bugsink events/ -d "issue=$issue" | python3 -c 'import json, sys; print(json.load(sys.stdin)["results"][0]["id"])')"
    of_bugsink "events/$id/"
}

# check_event PROJECT TYPE: that its latest event holds what standard input says: a path, and the value, or `-` for nothing.
check_event() {
    local name="Bugsink shows the $2 of the $1 example with all that is known of its request" found
    cat >"$run/expected"
    found="$(event "$1" "$2" | python3 tests/real/fields.py "$run/expected" || echo "it cannot be read")"
    if [ -z "$found" ]; then ok "$name"; else not_ok "$name" "$found"; fi
}

# Its own rendering for people.
check_stack_trace() {
    local shown
    shown="$(event "$1" "$2" | python3 -c 'import json, sys; print(json.load(sys.stdin)["stacktrace_md"])')"
    if grep -q "$3" <<<"$shown"; then
        ok "Bugsink shows the stack trace of the $2 of the $1 example"
    else
        not_ok "Bugsink shows the stack trace of the $2 of the $1 example" "$shown"
    fi
}

check_nothing_planted() {
    local found
    found="$(manage shell -c "
from events.models import Event
for event in Event.objects.all():
    if '$planted' in event.get_raw_data(): print('found in', event.transaction)" 2>/dev/null </dev/null | grep '^found' || true)"
    if [ -z "$found" ]; then ok "no secret is in Bugsink's database"; else not_ok "no secret is in Bugsink's database" "$found"; fi
}
