package io.silkroute.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.silkroute.deploy.PromQl.Selector;
import io.silkroute.testing.FakeNode;
import io.silkroute.testing.Metrics;
import io.silkroute.testing.Operator;
import io.silkroute.testing.StoreResource;
import io.silkroute.testing.Tenant;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The dashboard and the alerts ask for nothing that the running gateway does not serve. */
@QuarkusTest
@QuarkusTestResource(StoreResource.class)
class DashboardTest {

    @TestHTTPResource("/")
    URI gateway;

    @Test
    void everySampleThatIsAskedForIsServed() throws IOException {
        Tenant tenant = new Operator(gateway).tenant();
        try (FakeNode node = FakeNode.start(FakeNode.answering("ok"))) {
            tenant.node("n1", 1, node.url());
            Metrics metrics = Metrics.scrape(gateway);
            List<Selector> asked = expressions().stream()
                    .flatMap(expression -> PromQl.selectors(expression).stream())
                    .toList();

            assertThat(asked).hasSizeGreaterThan(30);
            assertThat(asked)
                    .allSatisfy(selector -> assertThat(samples(metrics, selector))
                            .as("samples of " + selector)
                            .isNotEmpty());
        }
    }

    @Test
    void noTwoPanelsShareAPlaceOrAnId() throws IOException {
        List<String> ids = new ArrayList<>();
        List<String> places = new ArrayList<>();
        dashboard().get("panels").forEach(panel -> {
            ids.add(panel.get("id").asText());
            places.add(
                    panel.get("gridPos").get("x") + "," + panel.get("gridPos").get("y"));
            assertThat(panel.get("gridPos").get("x").asInt()
                            + panel.get("gridPos").get("w").asInt())
                    .isLessThanOrEqualTo(24);
        });

        assertThat(ids).doesNotHaveDuplicates();
        assertThat(places).doesNotHaveDuplicates();
    }

    private static List<String> samples(Metrics metrics, Selector selector) {
        return Stream.of("{", " ")
                .flatMap(next -> metrics.containing(selector.metric() + next).stream())
                .filter(line -> line.startsWith(selector.metric()))
                .filter(line -> selector.labels().stream().allMatch(label -> line.contains(label + "=\"")))
                .filter(line -> selector.equal().entrySet().stream()
                        .allMatch(equal -> line.contains(equal.getKey() + "=\"" + equal.getValue() + "\"")))
                .toList();
    }

    private static List<String> expressions() throws IOException {
        List<String> expressions = new ArrayList<>();
        dashboard().findValuesAsText("expr").forEach(expressions::add);
        Chart.YAML
                .readTree(Chart.FOLDER.resolve("files/alerts.yaml").toFile())
                .findValuesAsText("expr")
                .forEach(expressions::add);
        return expressions;
    }

    private static JsonNode dashboard() throws IOException {
        return new ObjectMapper()
                .readTree(Chart.FOLDER.resolve("files/dashboard.json").toFile());
    }
}
