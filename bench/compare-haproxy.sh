#!/usr/bin/env bash
# Throughput and CPU per request of Silkroute and HAProxy, in turn, on one machine in front of one upstream.
# Needs haproxy and wrk (both in Debian), and the jar: ./mvnw package -DskipTests
# Usage: bench/compare-haproxy.sh [seconds per round] [rounds]
set -euo pipefail
cd "$(dirname "$0")"

SECONDS_PER_ROUND=${1:-15}
ROUNDS=${2:-5}
CONNECTIONS=32
WORK=$(mktemp -d)
JAR=$(cd .. && pwd)/target/quarkus-app/quarkus-run.jar
SILKROUTE=http://127.0.0.1:9300/v1/messages
HAPROXY=http://127.0.0.1:9200/v1/messages

cleanup() {
    kill $(jobs -p) 2>/dev/null || true
    wait 2>/dev/null || true
    rm -rf "$WORK"
}
trap cleanup EXIT

await() {
    for _ in $(seq 300); do
        curl -sf -o /dev/null "$@" && return
        sleep 0.1
    done
    echo "not up: $*" >&2
    exit 1
}

cpu_ticks() {
    awk '{ sub(/.*\) /, ""); print $12 + $13 }' "/proc/$1/stat"
}

# One round: prints requests per second, CPU microseconds per request, and the 99th percentile.
round() {
    local url=$1 pid=$2 before after
    before=$(cpu_ticks "$pid")
    wrk -t2 -c$CONNECTIONS -d"${3}s" --latency -s peers/post.lua "$url" >"$WORK/wrk"
    after=$(cpu_ticks "$pid")
    if grep -qE 'Non-2xx|Socket errors' "$WORK/wrk"; then
        cat "$WORK/wrk" >&2
        exit 1
    fi
    awk -v ticks=$((after - before)) -v hz="$(getconf CLK_TCK)" '
        /requests in/ { requests = $1 }
        /Requests\/sec/ { rate = $2 }
        $1 == "99%" { p99 = $2 }
        END { printf "%d %.1f %s\n", rate, ticks * 1000000 / hz / requests, p99 }' "$WORK/wrk"
}

UPSTREAM_PORT=9100 haproxy -f peers/haproxy/upstream.cfg >/dev/null 2>&1 &
haproxy -f peers/haproxy/proxy.cfg >/dev/null 2>&1 &
HAPROXY_PID=$!
(cd "$WORK" && PORT=9300 exec java -jar "$JAR" >log 2>&1) &
SILKROUTE_PID=$!
await http://127.0.0.1:9100/
await "$HAPROXY"
await http://127.0.0.1:9300/q/health/ready
curl -sf -o /dev/null http://127.0.0.1:9300/admin/api/nodes -H "Authorization: Bearer $(cat "$WORK/data/admin.key")" \
    -d '{"name":"upstream","base_url":"http://127.0.0.1:9100","weight":0,"api_key":"node-key"}'

echo "# $(nproc) cores, $(awk -F': ' '/model name/ { print $2; exit }' /proc/cpuinfo), Linux $(uname -r)"
echo "# $(java -version 2>&1 | sed -n 2p), $(haproxy -v | head -n 1)"
echo "# wrk, $CONNECTIONS connections, $ROUNDS rounds of $SECONDS_PER_ROUND s each, in turn, after a warm-up of 30 s and 5 s"
round "$SILKROUTE" "$SILKROUTE_PID" 30 >/dev/null
round "$HAPROXY" "$HAPROXY_PID" 5 >/dev/null
echo "round  silkroute_req_s cpu_us p99  haproxy_req_s cpu_us p99  ratio"
for i in $(seq "$ROUNDS"); do
    ours=$(round "$SILKROUTE" "$SILKROUTE_PID" "$SECONDS_PER_ROUND")
    theirs=$(round "$HAPROXY" "$HAPROXY_PID" "$SECONDS_PER_ROUND")
    echo "$i $ours $theirs $(awk -v a="${ours%% *}" -v b="${theirs%% *}" 'BEGIN { printf "%.2f", a / b }')"
done | tee "$WORK/rounds"
sort -n -k8 "$WORK/rounds" | awk '{ ratio[NR] = $8 } END { print "median ratio of throughput: " ratio[int((NR + 1) / 2)] }'
