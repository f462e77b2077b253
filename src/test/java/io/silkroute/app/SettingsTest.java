package io.silkroute.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.silkroute.failover.Delivery;
import io.silkroute.failover.RetrySettings;
import io.silkroute.switchover.GradualSettings;
import io.silkroute.switchover.SwitchoverSettings;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {

    @Test
    void defaultsAreThoseOfTheDocumentation() {
        Settings settings = read(Map.of());

        assertThat(settings.port()).isEqualTo(8000);
        assertThat(settings.ingress().paths()).containsExactly("/v1/*");
        assertThat(settings.retry())
                .isEqualTo(new RetrySettings(
                        3,
                        Duration.ofMillis(10),
                        Duration.ofMillis(100),
                        true,
                        RetrySettings.AfterSend.ALWAYS,
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(120),
                        0.2,
                        10));
        assertThat(settings.upstream().retryOnStatus()).containsExactlyInAnyOrder(502, 503, 504);
        assertThat(settings.upstream().connectTimeout()).isEqualTo(Duration.ofMillis(2000));
        assertThat(settings.upstream().firstContent()).isEqualTo(Duration.ofSeconds(15));
        assertThat(settings.upstream().streamIdle()).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.upstream().holdMaxBytes()).isEqualTo(262144);
        assertThat(settings.breaker().minRequests()).isEqualTo(20);
        assertThat(settings.breaker().cooldown()).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.switchover())
                .isEqualTo(new SwitchoverSettings(
                        true,
                        2,
                        Duration.ofMillis(5000),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(15),
                        new GradualSettings(Optional.empty(), Duration.ofSeconds(30), 10, 0.5)));
        assertThat(settings.trafficShaper()).isFalse();
        assertThat(settings.ingress().delivery()).isEqualTo(Delivery.STREAMING);
        assertThat(settings.assuredMaxBody()).isEqualTo(8388608);
        assertThat(settings.warmupPath()).isEqualTo("/health");
        assertThat(settings.replayMaxBody()).isEqualTo(33554432);
        assertThat(settings.replayMaxTotal()).isEqualTo(268435456);
    }

    @ParameterizedTest(name = "{0}={1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "CB_FAILURE_RATE        | 1.5      | CB_FAILURE_RATE: 1.5 (expected: > 0 and <= 1)",
                "CB_FAILURE_RATE        | 0        | CB_FAILURE_RATE: 0 (expected: > 0 and <= 1)",
                "CB_FAILURE_RATE        | NaN      | CB_FAILURE_RATE: NaN (expected: > 0 and <= 1)",
                "RETRY_MAX_ATTEMPTS     | 0        | RETRY_MAX_ATTEMPTS: 0 (expected: an integer from 1 to 100)",
                "RETRY_MAX_ATTEMPTS     | three    | RETRY_MAX_ATTEMPTS: three (expected: an integer from 1 to 100)",
                "RETRY_BUDGET_RATIO     | -1       | RETRY_BUDGET_RATIO: -1 (expected: >= 0 and <= 100)",
                "RETRY_ADAPTIVE_BACKOFF | yes      | RETRY_ADAPTIVE_BACKOFF: yes (expected: true or false)",
                "RETRY_AFTER_SEND       | maybe    | RETRY_AFTER_SEND: maybe (expected: one of always, idempotent, never)",
                "RETRY_ON_STATUS        | 200      | RETRY_ON_STATUS: 200 (expected: statuses from 400 to 599, with commas)",
                "RETRY_BACKOFF_MAX_MS   | 5        | RETRY_BACKOFF_MAX_MS: 5 (expected: not below RETRY_BACKOFF_MIN_MS, which is 10)",
                "PROXY_PATHS            | /*       | PROXY_PATHS: /* (expected: paths that begin with / and may end with /*, with commas, outside /admin and /q)",
                "PROXY_PATHS            | /q/*     | PROXY_PATHS: /q/* (expected: paths that begin with / and may end with /*, with commas, outside /admin and /q)",
                "WARMUP_ATTEMPTS        | 0        | WARMUP_ATTEMPTS: 0 (expected: an integer from 1 to 100)",
                "WARMUP_PATH            | health   | WARMUP_PATH: health (expected: a path that begins with /, or nothing)",
                "FAILBACK_STABLE_SECONDS | -1      | FAILBACK_STABLE_SECONDS: -1 (expected: an integer from 0 to 86400)",
                "PORT                   | 70000    | PORT: 70000 (expected: an integer from 0 to 65535)",
            })
    void aValueThatCannotBeUsedIsNamedWithWhatWasExpected(String name, String value, String message) {
        assertThatThrownBy(() -> read(Map.of(name, value)))
                .isInstanceOf(SettingException.class)
                .hasMessage(message);
    }

    @Test
    void anEmptyValueIsAsGoodAsNone() {
        assertThat(read(Map.of("RETRY_MAX_ATTEMPTS", " ")).retry().maxAttempts())
                .isEqualTo(3);
    }

    @Test
    void anEmptyWarmupPathMeansTheBaseUrlItself() {
        assertThat(read(Map.of("WARMUP_PATH", "")).warmupPath()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "too-short, c2hvcnQ=, ADMIN_API_KEY: a text of 9 characters (expected: at least 16 visible ASCII characters)",
        "long-enough-to-be-used, c2hvcnQ=, SECRETS_KEY: 5 bytes in base64 (expected: 32 bytes in base64)",
        "long-enough-to-be-used, not base64, SECRETS_KEY: not base64 (expected: 32 bytes in base64)",
        "long-enough-to-be-used, , SECRETS_KEY: not set (expected: 32 bytes in base64)"
    })
    void aKeyThatCannotBeUsedIsDescribedAndNotRepeated(String adminKey, String secretsKey, String message) {
        SettingReader reader = new SettingReader(
                name -> Optional.ofNullable(name.equals(Secrets.ADMIN_API_KEY) ? adminKey : secretsKey));

        assertThatThrownBy(() -> Secrets.read(reader)).hasMessage(message);
    }

    private static Settings read(Map<String, String> environment) {
        return Settings.read(new SettingReader(name -> Optional.ofNullable(environment.get(name))));
    }
}
