package io.silkroute.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the documentation and the chart say of settings is what the code does: names, defaults, ranges. */
class DocumentedSettingsTest {

    private static final Path DOCUMENT = Path.of("docs", "configuration.md");
    private static final Path SCHEMA = Path.of("helm", "silkroute", "values.schema.json");

    /** Read elsewhere, and only where a database is named or embedded. */
    private static final Set<String> STORE_AND_KEYS = Set.of(
            "DATABASE_URL", "DATABASE_USERNAME", "DATABASE_PASSWORD", "ADMIN_API_KEY", "SECRETS_KEY", "SILKROUTE_DATA");

    private static final Set<String> NOT_IN_THE_CHARTS_SETTINGS = Set.of("PORT");

    /** A row of a table. */
    private record Row(String name, String value, String range) {
        @Override
        public String toString() {
            return name;
        }

        /** The setting as {@code text}, with what it is compared to out of its way. */
        private Map<String, String> with(String text) {
            Map<String, String> environment = new HashMap<>(Map.of(
                    "RETRY_BACKOFF_MIN_MS", "0",
                    "RETRY_BACKOFF_MAX_MS", "3600000",
                    "CB_COOLDOWN_SECONDS", "1",
                    "CB_COOLDOWN_MAX_SECONDS", "86400"));
            environment.put(name, text);
            return environment;
        }
    }

    @Test
    void everySettingIsDocumentedAndNothingElseIs() {
        assertThat(rows().map(Row::name)).doesNotHaveDuplicates();
        assertThat(rows().map(Row::name).filter(name -> !STORE_AND_KEYS.contains(name)))
                .containsExactlyInAnyOrderElementsOf(names());
        assertThat(rows().map(Row::name)).containsAll(STORE_AND_KEYS);
    }

    @Test
    void documentedDefaultsAreThoseOfTheCode() {
        Map<String, String> defaults = new HashMap<>();
        settings().forEach(row -> defaults.put(row.name, row.value));

        assertThat(read(defaults)).isEqualTo(read(Map.of()));
    }

    @ParameterizedTest
    @MethodSource("settings")
    void everySettingMakesADifference(Row row) {
        // Only then do stages matter.
        Map<String, String> gradual = Map.of("GRADUAL_SWITCH_ENABLED", "true");
        Map<String, String> changed = new HashMap<>(gradual);
        changed.put(row.name, another(row));

        assertThat(read(changed)).isNotEqualTo(read(gradual));
    }

    @ParameterizedTest
    @MethodSource("settings")
    void documentedRangesAreThoseOfTheCode(Row row) {
        String range = row.range;
        Matcher numbers = Pattern.compile("(?:.*, )?(\\d+) to (\\d+)").matcher(range);
        if (range.equals("true, false") || range.matches("[a-z]+(, [a-z]+)+")) {
            Stream.of(range.split(", ")).forEach(value -> accepted(row.with(value)));
            refused(row.with("maybe"));
        } else if (numbers.matches() && !row.value.contains(".")) {
            long least = Long.parseLong(numbers.group(1));
            long most = Long.parseLong(numbers.group(2));
            accepted(row.with(Long.toString(most)));
            refused(row.with(Long.toString(most + 1)));
            refused(row.with(Long.toString(least - 1)));
            refused(row.with("x"));
            accepted(row.with(Long.toString(least)));
        } else {
            assertThat(row.name)
                    .as("ranges in words, which SettingsTest knows")
                    .isIn(
                            "PROXY_PATHS",
                            "RETRY_BACKOFF_MAX_MS",
                            "RETRY_ON_STATUS",
                            "RETRY_BUDGET_RATIO",
                            "REPLAY_MAX_TOTAL_BYTES",
                            "CB_FAILURE_RATE",
                            "CB_COOLDOWN_MAX_SECONDS",
                            "WARMUP_PATH");
        }
    }

    @Test
    void theChartTakesEverySetting() {
        Set<String> expected = new LinkedHashSet<>(names());
        expected.removeAll(NOT_IN_THE_CHARTS_SETTINGS);
        assertThat(schema().fieldNames()).toIterable().containsExactlyInAnyOrderElementsOf(expected);
    }

    @ParameterizedTest
    @MethodSource("settings")
    void theChartRefusesWhatTheGatewayWouldRefuse(Row row) {
        JsonNode form = schema().path(row.name);
        if (form.isMissingNode()) {
            assertThat(row.name).isIn(NOT_IN_THE_CHARTS_SETTINGS);
            return;
        }
        assertThat(form.get("default").asText()).isEqualTo(row.value);
        bound(form, "minimum", value -> edge(row, value, -1));
        bound(form, "maximum", value -> edge(row, value, 1));
        form.path("enum").forEach(value -> accepted(row.with(value.asText())));
        assertThat(form.get("description").asText()).isNotBlank();
    }

    private static void edge(Row row, JsonNode value, int beyond) {
        if (value.isIntegralNumber()) {
            accepted(row.with(value.asText()));
            refused(row.with(Long.toString(value.asLong() + beyond)));
        }
    }

    private static void bound(JsonNode form, String name, Consumer<JsonNode> check) {
        Optional.ofNullable(form.get(name)).ifPresent(check);
    }

    private static JsonNode schema() {
        try {
            return new ObjectMapper().readTree(SCHEMA.toFile()).at("/properties/settings/properties");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A value that is not the default, and is allowed beside the other defaults. */
    private static String another(Row row) {
        Map<String, String> special = Map.of(
                "PROXY_PATHS", "/v2/*",
                "RETRY_ON_STATUS", "500",
                "RETRY_AFTER_SEND", "never",
                "DELIVERY", "assured",
                "WARMUP_PATH", "/well",
                "GRADUAL_SWITCH_ENABLED", "false",
                "CB_COOLDOWN_SECONDS", "31",
                "CB_COOLDOWN_MAX_SECONDS", "301",
                "RETRY_BACKOFF_MAX_MS", "101");
        if (special.containsKey(row.name)) {
            return special.get(row.name);
        }
        return switch (row.value) {
            case "true" -> "false";
            case "false" -> "true";
            default -> row.value.contains(".") ? "0.7" : Long.toString(Long.parseLong(row.value) + 1);
        };
    }

    /** Those that the code asks for, by asking it. */
    private static Set<String> names() {
        Set<String> asked = new LinkedHashSet<>();
        Settings.read(new SettingReader(name -> {
            asked.add(name);
            return Optional.empty();
        }));
        asked.removeAll(STORE_AND_KEYS);
        asked.remove(TryOut.EMBEDDED);
        return asked;
    }

    static Stream<Row> settings() {
        return rows().filter(row -> !STORE_AND_KEYS.contains(row.name));
    }

    private static Stream<Row> rows() {
        try {
            Map<String, Row> rows = new LinkedHashMap<>();
            Pattern form = Pattern.compile("\\| (`[A-Z_]+`(?:, `[A-Z_]+`)*) \\| `?([^|`]*)`? ?\\| ([^|]*?) ?\\|.*");
            for (String line : Files.readAllLines(DOCUMENT)) {
                Matcher row = form.matcher(line);
                if (row.matches()) {
                    for (String name : List.of(row.group(1).replace("`", "").split(", "))) {
                        assertThat(rows.put(name, new Row(name, row.group(2), row.group(3))))
                                .as("rows of " + name)
                                .isNull();
                    }
                }
            }
            return rows.values().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Settings read(Map<String, String> environment) {
        return Settings.read(new SettingReader(name -> Optional.ofNullable(environment.get(name))));
    }

    private static void accepted(Map<String, String> environment) {
        read(environment);
    }

    private static void refused(Map<String, String> environment) {
        assertThatThrownBy(() -> read(environment)).isInstanceOf(SettingException.class);
    }
}
