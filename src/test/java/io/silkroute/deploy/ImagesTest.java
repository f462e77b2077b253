package io.silkroute.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be known of the images without building them. */
class ImagesTest {

    private static final Path FOLDER = Path.of("src", "main", "docker");

    @ParameterizedTest
    @ValueSource(strings = {"Dockerfile.jvm", "Dockerfile.native"})
    void runAsNobodyOnOnePortWithAHealthCheck(String file) throws IOException {
        List<String> last = lastStage(file);

        assertThat(last).contains("USER 10001:10001", "EXPOSE 8000");
        assertThat(last)
                .filteredOn(line -> line.startsWith("HEALTHCHECK"))
                .hasSize(1)
                .allMatch(line -> line.contains("/q/health/live"));
        assertThat(last.get(last.size() - 1)).startsWith("ENTRYPOINT [");
        assertThat(last).noneMatch(line -> line.contains("_KEY=") || line.contains("PASSWORD="));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Dockerfile.jvm", "Dockerfile.native"})
    void areBuiltFromWhatIsThereAndIsNotIgnored(String file) throws IOException {
        List<String> allowed = Files.readAllLines(Path.of(".dockerignore")).stream()
                .filter(line -> line.startsWith("!"))
                .map(line -> line.substring(1))
                .toList();
        List<String> copied = lines(file)
                .filter(line -> line.startsWith("COPY") && !line.contains("--from"))
                .flatMap(line ->
                        Stream.of(line.substring(5).replaceAll(" \\S+$", "").split(" ")))
                .toList();

        assertThat(copied).contains("pom.xml", "src/main");
        assertThat(copied).allMatch(source -> Files.exists(Path.of(source)));
        assertThat(copied).allMatch(source -> allowed.stream().anyMatch(source::startsWith));
    }

    private static List<String> lastStage(String file) throws IOException {
        List<String> lines = lines(file).toList();
        int from = 0;
        for (int i = 0; i < lines.size(); i++) {
            from = lines.get(i).startsWith("FROM ") ? i : from;
        }
        return lines.subList(from, lines.size());
    }

    /** Each instruction on one line. */
    private static Stream<String> lines(String file) throws IOException {
        return Files.readString(FOLDER.resolve(file))
                .replaceAll(" *\\\\\n *", " ")
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"));
    }
}
