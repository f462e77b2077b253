package io.silkroute.bench;

import static io.gatling.javaapi.core.CoreDsl.StringBody;
import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.details;
import static io.gatling.javaapi.core.CoreDsl.rampUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.responseTimeInMillis;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.header;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.status;

import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.core.Simulation;
import io.gatling.javaapi.http.HttpRequestActionBuilder;
import java.io.IOException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * 500 requests a second, in an open model, for a minute after a warm-up; the active node is killed (SIGKILL) at 10 s and at 35 s, and is back
 * ten seconds later each time. Not one request may fail.
 */
public final class DyingNodeSimulation extends Simulation {

    private static final int RATE = 500;
    private static final int SECONDS = 60;
    private static final String MEASURED = "POST /v1/messages";
    private static final int WARM_UP_SECONDS = 30;
    private static final int DOWN_SECONDS = 10;
    private static final List<Integer> DEATHS = List.of(10, 35);
    private static final int ACTIVE_PORT = 9411;
    private static final int STANDBY_PORT = 9412;

    /** A request that met a dead node: at which death, milliseconds lost there, and milliseconds until its answer. */
    private record Failover(int death, int lost, int whole) {}

    private final AtomicInteger deaths = new AtomicInteger();
    private final Stage stage = new Stage();
    private final ScheduledExecutorService fate = Executors.newSingleThreadScheduledExecutor();
    private final Queue<Failover> failedOver = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private volatile Process active;

    {
        // Two JVMs begin cold on the same cores; what that costs is not what is asked here.
        ScenarioBuilder warmUp = scenario("warm-up").exec(message("warm-up"));
        ScenarioBuilder messages =
                scenario("messages").exec(this::schedule).exec(message(MEASURED)).exec(this::note);
        setUp(warmUp.injectOpen(rampUsersPerSec(1).to(RATE).during(WARM_UP_SECONDS))
                        .andThen(messages.injectOpen(constantUsersPerSec(RATE).during(SECONDS))))
                .protocols(http.baseUrl("http://127.0.0.1:" + Stage.GATEWAY_PORT)
                        .header("x-api-key", "default-proxy-key")
                        .header("content-type", "application/json")
                        .shareConnections())
                .assertions(
                        details(MEASURED).failedRequests().count().is(0L),
                        details(MEASURED).allRequests().count().is((long) RATE * SECONDS),
                        details(MEASURED).responseTime().percentile(99).lt(500));
    }

    private static HttpRequestActionBuilder message(String name) {
        return http(name)
                .post("/v1/messages")
                .body(StringBody("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"))
                .check(status().is(200))
                .check(header("x-silkroute-attempts").saveAs("attempts"))
                .check(responseTimeInMillis().saveAs("millis"));
    }

    @Override
    public void before() {
        try {
            stage.startGateway();
            active = stage.startNode(ACTIVE_PORT);
            stage.startNode(STANDBY_PORT);
            stage.register("active", ACTIVE_PORT, 1);
            stage.register("standby", STANDBY_PORT, 2);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void after() {
        fate.shutdownNow();
        stage.close();
        for (int death = 1; death <= DEATHS.size(); death++) {
            report(death);
        }
    }

    private void report(int death) {
        List<Failover> met = failedOver.stream().filter(f -> f.death() == death).toList();
        System.out.printf(
                "death %d: %d requests met it; lost there: %s; whole response time: %s%n",
                death,
                met.size(),
                spread(met.stream().map(Failover::lost).sorted().toList()),
                spread(met.stream().map(Failover::whole).sorted().toList()));
    }

    private static String spread(List<Integer> sorted) {
        return sorted.isEmpty()
                ? "-"
                : "median %d ms, worst %d ms".formatted(sorted.get(sorted.size() / 2), sorted.get(sorted.size() - 1));
    }

    /** The clock of the deaths starts with the first measured request. */
    private Session schedule(Session session) {
        if (scheduled.compareAndSet(false, true)) {
            for (int death : DEATHS) {
                fate.schedule(this::kill, death, TimeUnit.SECONDS);
                fate.schedule(this::revive, death + DOWN_SECONDS, TimeUnit.SECONDS);
            }
        }
        return session;
    }

    private Session note(Session session) {
        if (session.contains("attempts") && session.getString("attempts").contains(",")) {
            failedOver.add(new Failover(deaths.get(), lost(session.getString("attempts")), session.getInt("millis")));
        }
        return session;
    }

    /** The milliseconds of all attempts but the last, from a header such as {@code n1;reset;2ms, n2;ok;9ms}. */
    private static int lost(String attempts) {
        List<String> all = List.of(attempts.split(", "));
        return all.subList(0, all.size() - 1).stream()
                .mapToInt(attempt -> Integer.parseInt(attempt.replaceAll(".*;(\\d+)ms", "$1")))
                .sum();
    }

    private void kill() {
        deaths.incrementAndGet();
        active.destroyForcibly();
    }

    private Object revive() throws IOException, InterruptedException {
        active = stage.startNode(ACTIVE_PORT);
        return null;
    }
}
