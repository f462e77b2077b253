package io.silkroute.app;

import io.silkroute.breaker.BreakerSettings;
import io.silkroute.failover.Delivery;
import io.silkroute.failover.QueueSettings;
import io.silkroute.failover.RetrySettings;
import io.silkroute.ingress.IngressSettings;
import io.silkroute.switchover.GradualSettings;
import io.silkroute.switchover.SwitchoverSettings;
import io.silkroute.traffic.RampPlan;
import io.silkroute.upstream.UpstreamSettings;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;

/**
 * All that can be set by environment, but for the store and the keys; see {@code docs/configuration.md}. Immutable.
 *
 * @param port where callers and operators connect; 0 picks a free one
 * @param ingress what is proxied, and how answers go out
 * @param retry how far a request goes
 * @param queue whether and how requests wait that no node can take
 * @param upstream what an attempt is held to
 * @param breaker when a node is left alone
 * @param trafficShaper whether nodes of the same weight share traffic
 * @param switchover how nodes are tried out
 * @param warmupPath what a probe asks for; empty for the base URL itself
 * @param replayMaxBody bytes kept of the body of one request
 * @param assuredMaxBody bytes kept of the body of one response
 * @param replayMaxTotal bytes kept of all bodies together
 */
record Settings(
        int port,
        IngressSettings ingress,
        RetrySettings retry,
        QueueSettings queue,
        UpstreamSettings upstream,
        BreakerSettings breaker,
        boolean trafficShaper,
        SwitchoverSettings switchover,
        String warmupPath,
        long replayMaxBody,
        long assuredMaxBody,
        long replayMaxTotal) {

    private static final int DAY_SECONDS = 86_400;
    private static final int HOUR_MILLIS = 3_600_000;
    private static final int MANY = 1_000_000;

    /** A sixth: five seconds of the default thirty. */
    private static final int DRAIN_NOTICE_SHARE = 6;

    /**
     * Reads and checks all settings.
     *
     * @throws SettingException for the first that cannot be used
     */
    static Settings read(SettingReader reader) {
        BreakerSettings breaker = breaker(reader);
        return new Settings(
                reader.integer("PORT", 0, 65535, 8000),
                ingress(reader),
                retry(reader),
                new QueueSettings(
                        reader.flag("REQUEST_QUEUE_ENABLED", false),
                        reader.integer("REQUEST_QUEUE_SIZE", 1, MANY, 1000),
                        millis(reader, "REQUEST_QUEUE_TIMEOUT_MS", 1, 5000)),
                new UpstreamSettings(
                        millis(reader, "CONNECT_TIMEOUT_MS", 1, 2000),
                        seconds(reader, "STREAM_FIRST_TOKEN_TIMEOUT_SEC", 15),
                        seconds(reader, "STREAM_IDLE_TIMEOUT_SEC", 30),
                        reader.integer("STREAM_HOLD_MAX_BYTES", 0, Integer.MAX_VALUE, 262_144),
                        new HashSet<>(reader.list(
                                "RETRY_ON_STATUS",
                                "502,503,504",
                                "statuses from 400 to 599, with commas",
                                Settings::status))),
                breaker,
                reader.flag("TRAFFIC_SHAPER_ENABLED", false),
                switchover(reader, breaker.failureRate()),
                warmupPath(reader),
                reader.whole("REPLAY_MAX_BODY_BYTES", 0, Integer.MAX_VALUE, 32L << 20),
                reader.whole("ASSURED_MAX_BYTES", 0, Integer.MAX_VALUE, 8L << 20),
                reader.whole("REPLAY_MAX_TOTAL_BYTES", 0, Long.MAX_VALUE, 256L << 20));
    }

    private static IngressSettings ingress(SettingReader reader) {
        Duration drain = Duration.ofSeconds(reader.integer("DRAIN_TIMEOUT_SEC", 0, DAY_SECONDS, 30));
        // Nobody balances what is only tried out.
        boolean alone = reader.text("DATABASE_URL").isEmpty() || reader.flag(TryOut.EMBEDDED, false);
        Duration notice = alone ? Duration.ZERO : drain.dividedBy(DRAIN_NOTICE_SHARE);
        return new IngressSettings(
                reader.list("PROXY_PATHS", "/v1/*", PATHS_EXPECTED, Settings::path),
                reader.choice("DELIVERY", Delivery.class, Delivery.STREAMING),
                notice,
                drain);
    }

    private static RetrySettings retry(SettingReader reader) {
        Duration min = millis(reader, "RETRY_BACKOFF_MIN_MS", 0, 10);
        Duration max = millis(reader, "RETRY_BACKOFF_MAX_MS", 0, 100);
        ordered("RETRY_BACKOFF_MAX_MS", max, "RETRY_BACKOFF_MIN_MS", min);
        return new RetrySettings(
                reader.integer("RETRY_MAX_ATTEMPTS", 1, 100, 3),
                min,
                max,
                reader.flag("RETRY_ADAPTIVE_BACKOFF", true),
                reader.choice("RETRY_AFTER_SEND", RetrySettings.AfterSend.class, RetrySettings.AfterSend.ALWAYS),
                seconds(reader, "RETRY_PER_REQUEST_TIMEOUT_SEC", 30),
                seconds(reader, "RETRY_TOTAL_TIMEOUT_SEC", 120),
                reader.ratio("RETRY_BUDGET_RATIO", -1, 100, 0.2),
                reader.integer("RETRY_BUDGET_MIN_PER_SEC", 0, MANY, 10));
    }

    private static BreakerSettings breaker(SettingReader reader) {
        Duration cooldown = seconds(reader, "CB_COOLDOWN_SECONDS", 30);
        Duration cooldownMax = seconds(reader, "CB_COOLDOWN_MAX_SECONDS", 300);
        ordered("CB_COOLDOWN_MAX_SECONDS", cooldownMax, "CB_COOLDOWN_SECONDS", cooldown);
        return new BreakerSettings(
                seconds(reader, "CB_WINDOW_SECONDS", 60),
                reader.integer("CB_MIN_REQUESTS", 1, MANY, 20),
                reader.ratio("CB_FAILURE_RATE", 0, 1, 0.5),
                reader.integer("CB_CONSECUTIVE_FAILS", 1, MANY, 5),
                cooldown,
                cooldownMax,
                reader.integer("CB_HALFOPEN_PROBES", 1, MANY, 3));
    }

    private static SwitchoverSettings switchover(SettingReader reader, double failureRate) {
        return new SwitchoverSettings(
                reader.flag("WARMUP_ENABLED", true),
                reader.integer("WARMUP_ATTEMPTS", 1, 100, 2),
                millis(reader, "WARMUP_TIMEOUT_MS", 1, 5000),
                seconds(reader, "HEALTH_INTERVAL_SEC", 30),
                Duration.ofSeconds(reader.integer("FAILBACK_STABLE_SECONDS", 0, DAY_SECONDS, 15)),
                gradual(reader, failureRate));
    }

    private static GradualSettings gradual(SettingReader reader, double failureRate) {
        RampPlan plan = RampPlan.of(reader.integer("GRADUAL_SWITCH_STAGES", RampPlan.LEAST, RampPlan.MOST, 3));
        return new GradualSettings(
                reader.flag("GRADUAL_SWITCH_ENABLED", false) ? Optional.of(plan) : Optional.empty(),
                Duration.ofSeconds(reader.integer("GRADUAL_SWITCH_STAGE_SECONDS", 0, DAY_SECONDS, 30)),
                reader.integer("GRADUAL_SWITCH_MIN_SAMPLES", 1, MANY, 10),
                failureRate);
    }

    /** Set but empty means something here: no path. */
    private static String warmupPath(SettingReader reader) {
        String path = reader.given("WARMUP_PATH").orElse("/health");
        if (!path.matches("|/[!-~&&[^#]]*")) {
            throw new SettingException("WARMUP_PATH", path, "a path that begins with /, or nothing");
        }
        return path;
    }

    private static Duration seconds(SettingReader reader, String name, int unset) {
        return Duration.ofSeconds(reader.integer(name, 1, DAY_SECONDS, unset));
    }

    private static Duration millis(SettingReader reader, String name, int least, int unset) {
        return Duration.ofMillis(reader.integer(name, least, HOUR_MILLIS, unset));
    }

    private static void ordered(String name, Duration value, String floorName, Duration floor) {
        if (value.compareTo(floor) < 0) {
            boolean inSeconds = name.endsWith("SECONDS");
            throw new SettingException(
                    name,
                    Long.toString(inSeconds ? value.toSeconds() : value.toMillis()),
                    "not below " + floorName + ", which is " + (inSeconds ? floor.toSeconds() : floor.toMillis()));
        }
    }

    private static final String PATHS_EXPECTED =
            "paths that begin with / and may end with /*, with commas, outside /admin and /q";

    private static Optional<String> path(String item) {
        boolean formed = item.matches("/[A-Za-z0-9._~/-]*\\*?") && (!item.contains("*") || item.endsWith("/*"));
        boolean ours = item.equals("/*") || item.matches("/(admin|q)(/.*)?");
        return formed && !ours ? Optional.of(item) : Optional.empty();
    }

    private static Optional<Integer> status(String item) {
        return item.matches("[45]\\d\\d") ? Optional.of(Integer.valueOf(item)) : Optional.empty();
    }
}
