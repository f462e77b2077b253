package io.silkroute.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The plain manifests are the chart, rendered. Where they differ, {@code ./mvnw test -Dtest=ManifestsTest -Dmanifests.write=true}
 * renders them anew.
 */
class ManifestsTest {

    private static final Path FOLDER = Path.of("k8s");
    private static final Path MANIFESTS = FOLDER.resolve("silkroute.yaml");

    @Test
    void areTheChartRendered() throws IOException {
        String rendered = plain(Chart.render(FOLDER.resolve("values.yaml"), command -> command));
        if (Boolean.getBoolean("manifests.write")) {
            Files.writeString(MANIFESTS, rendered);
        }

        assertThat(Files.readString(MANIFESTS)).isEqualTo(rendered);
    }

    @Test
    void areWhatKustomizeApplies() throws IOException {
        assertThat(Chart.YAML
                        .readTree(Files.readString(FOLDER.resolve("kustomization.yaml")))
                        .get("resources"))
                .extracting(Object::toString)
                .containsExactly("\"silkroute.yaml\"");
    }

    /** Without what only Helm needs: its labels, its tests, its comments. */
    private static String plain(String rendered) {
        return Arrays.stream(rendered.split("(?m)^---\n"))
                .filter(document -> !document.isBlank() && !document.contains("helm.sh/hook"))
                .map(document -> document.lines()
                        .filter(line ->
                                !line.matches("# Source:.*|\\s*(helm\\.sh/chart|app\\.kubernetes\\.io/managed-by):.*"))
                        .collect(Collectors.joining("\n", "---\n", "\n")))
                .collect(Collectors.joining());
    }
}
