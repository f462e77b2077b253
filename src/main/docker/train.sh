#!/bin/sh
# Has the JVM write down what a start and the first requests load (JEP 514), so that the next start finds it laid out. Needs no
# database: without one the gateway is alive and not ready. Ends with the cache in app.aot, or with an error.
set -eu
port=${PORT:-18000}
export PORT="$port" DRAIN_TIMEOUT_SEC=0 DATABASE_URL=postgresql://127.0.0.1:1/none DATABASE_USERNAME=none DATABASE_PASSWORD=none
# Keys of this run only: nothing is stored, nobody is let in.
ADMIN_API_KEY=$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')
SECRETS_KEY=$(head -c 32 /dev/urandom | base64 | tr -d '\n')
export ADMIN_API_KEY SECRETS_KEY

java -XX:AOTCacheOutput=app.aot -jar quarkus-run.jar &
gateway=$!
trap 'kill -9 "$gateway" 2>/dev/null || true' EXIT

ask() {
    bash -c 'exec 3<>"/dev/tcp/127.0.0.1/$1" && printf "%s %s HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer $4\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}" "$2" "$3" >&3 && cat <&3' \
        ask "$port" "$1" "$2" "$ADMIN_API_KEY"
}

tries=0
until ask GET /q/health/live 2>/dev/null | grep -q '200 OK'; do
    tries=$((tries + 1))
    [ "$tries" -lt 120 ] || { echo "the gateway does not start" >&2; exit 1; }
    sleep 0.5
done
for path in /q/health/ready /q/health/started /q/metrics /q/openapi /admin/api/nodes; do
    ask GET "$path" >/dev/null
done
ask POST /v1/messages >/dev/null

kill -TERM "$gateway"
wait "$gateway" || true
trap - EXIT
[ -s app.aot ] || { echo "no cache was written" >&2; exit 1; }
