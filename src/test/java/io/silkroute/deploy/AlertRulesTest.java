package io.silkroute.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When operators are told, by Prometheus' own word: the scenarios beside this test, on time of its own. */
class AlertRulesTest {

    private static final Path RULES = Chart.FOLDER.resolve("files/alerts.yaml");
    private static final Path SCENARIOS = Path.of("src", "test", "resources", "alerts", "scenarios.yaml");

    @Test
    void operatorsAreToldWhatTheyHaveToKnowAndNothingElse(@TempDir Path folder) throws Exception {
        assumeTrue(isInstalled(), "promtool is not installed");
        Files.copy(RULES, folder.resolve("alerts.yaml"));
        Files.copy(SCENARIOS, folder.resolve("scenarios.yaml"));

        Process process = new ProcessBuilder("promtool", "test", "rules", "scenarios.yaml")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes());

        assertThat(process.waitFor()).as(said).isZero();
    }

    @Test
    void everyAlertHasAScenario() throws IOException {
        String scenarios = Files.readString(SCENARIOS);
        Chart.YAML
                .readTree(RULES.toFile())
                .get("groups")
                .get(0)
                .get("rules")
                .forEach(rule -> assertThat(scenarios)
                        .contains("alertname: " + rule.get("alert").asText() + "\n        exp_alerts"));
    }

    private static boolean isInstalled() {
        return Stream.of(System.getenv("PATH").split(":")).anyMatch(at -> Files.isExecutable(Path.of(at, "promtool")));
    }
}
