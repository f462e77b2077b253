package io.silkroute.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code helm install} makes of the chart. */
class ChartTest {

    @Test
    void lintHasNothingToSay() {
        LintResult result = new Helm(Chart.FOLDER).lint().strict().call();

        assertThat(result.getMessages())
                .filteredOn(line -> !line.contains("icon is recommended"))
                .allMatch(line -> line.contains("1 chart(s) linted, 0 chart(s) failed")
                        || line.isBlank()
                        || line.startsWith("==>"));
        assertThat(result.isFailed()).isFalse();
    }

    @Test
    void isOfTheVersionOfTheGateway() throws IOException {
        Matcher version = Pattern.compile("<artifactId>silkroute</artifactId>\\s*<version>([^<]+)</version>")
                .matcher(Files.readString(Path.of("pom.xml")));
        assertThat(version.find()).isTrue();

        JsonNode chart = Chart.YAML.readTree(Chart.FOLDER.resolve("Chart.yaml").toFile());
        assertThat(chart.get("appVersion").asText()).isEqualTo(version.group(1).replace("-SNAPSHOT", ""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "minimal          | ConfigMap Deployment PodDisruptionBudget Secret Service ServiceAccount",
                "existing-secrets | ConfigMap Deployment Service",
                "native           | ConfigMap Deployment PodDisruptionBudget Service ServiceAccount",
                "everything       | ConfigMap ConfigMap Deployment HorizontalPodAutoscaler Ingress NetworkPolicy PodDisruptionBudget"
                        + " PrometheusRule Secret Service ServiceAccount ServiceMonitor",
            })
    void rendersWhatTheValuesAskForAndEachObjectIsOneThatKubernetesKnows(String values, String kinds) {
        List<HasMetadata> objects = Chart.objects(values);

        assertThat(objects.stream().map(HasMetadata::getKind).sorted().collect(Collectors.joining(" ")))
                .isEqualTo(kinds);
        assertThat(objects.stream()
                        .map(object ->
                                object.getKind() + " " + object.getMetadata().getName()))
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(strings = {"minimal", "existing-secrets", "native", "everything"})
    void podsAreHardened(String values) {
        PodSpec pod = podOf(values);
        Container container = pod.getContainers().get(0);

        assertThat(pod.getAutomountServiceAccountToken()).isFalse();
        assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
        assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
        assertThat(container.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
        assertThat(container.getVolumeMounts()).extracting("mountPath").containsExactly("/tmp");
    }

    @Test
    void helmTestAsksTheServiceFromAHardenedPod(@TempDir Path folder) {
        Pod pod = Chart.test(folder);

        assertThat(pod.getMetadata().getAnnotations()).containsEntry("helm.sh/hook", "test");
        assertThat(pod.getSpec().getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(pod.getSpec().getContainers().get(0).getCommand()).endsWith("http://silkroute:8000/q/health/ready");
        assertThat(pod.getMetadata().getLabels())
                .as("no pod of the Service")
                .doesNotContainEntry("app.kubernetes.io/name", "silkroute");
    }

    @Test
    void theNotesTellHowToReachIt(@TempDir Path one, @TempDir Path two) {
        String notes = Chart.notes(one, command -> command);
        assertThat(notes)
                .contains("silkroute.gateways:8000")
                .contains("kubectl -n gateways port-forward svc/silkroute 8000:8000")
                .contains("get secret silkroute -o jsonpath='{.data.ADMIN_API_KEY}'")
                .contains("helm -n gateways test silkroute")
                .doesNotContain("One replica");
        assertThat(Chart.notes(two, command -> command.set("replicaCount", 1))).contains("One replica");
    }

    @ParameterizedTest
    @CsvSource({"minimal, 5, 30", "existing-secrets, 0, 30", "everything, 5, 60"})
    void thereIsTimeForTheNoticeAndTheDrain(String values, int preStop, int drain) {
        PodSpec pod = podOf(values);

        assertThat(pod.getTerminationGracePeriodSeconds()).isGreaterThan(preStop + drain);
        var lifecycle = pod.getContainers().get(0).getLifecycle();
        assertThat(lifecycle == null ? 0 : lifecycle.getPreStop().getSleep().getSeconds())
                .isEqualTo(preStop);
    }

    @Test
    void settingsArriveAsTheyWereWritten() {
        assertThat(Chart.only(configMaps("everything"), ConfigMap.class).getData())
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry("PORT", "8000"),
                        Map.entry("DRAIN_TIMEOUT_SEC", "60"),
                        Map.entry("PROXY_PATHS", "/v1/*,/v2/*"),
                        Map.entry("RETRY_MAX_ATTEMPTS", "4"),
                        Map.entry("RETRY_BUDGET_RATIO", "0.5"),
                        Map.entry("RETRY_ADAPTIVE_BACKOFF", "false"),
                        Map.entry("RETRY_ON_STATUS", "500,502"),
                        Map.entry("REPLAY_MAX_TOTAL_BYTES", "1073741824"),
                        Map.entry("CB_FAILURE_RATE", "1"),
                        Map.entry("WARMUP_PATH", ""),
                        Map.entry("DELIVERY", "assured")));
        assertThat(Chart.only(configMaps("minimal"), ConfigMap.class).getData()).containsOnlyKeys("PORT");
        // A fraction that is set on the command line is a text to Helm.
        List<HasMetadata> set =
                Chart.objects(Chart.values("minimal"), command -> command.set("settings.CB_FAILURE_RATE", "0.25"));
        assertThat(Chart.only(set, ConfigMap.class).getData()).containsEntry("CB_FAILURE_RATE", "0.25");
    }

    @Test
    void keysComeFromASecretAndStandNowhereElse() {
        List<HasMetadata> objects = Chart.objects("everything");
        assertThat(Chart.only(objects, Secret.class).getStringData())
                .containsEntry("DATABASE_PASSWORD", "pass\"word: #1")
                .containsOnlyKeys("DATABASE_USERNAME", "DATABASE_PASSWORD", "ADMIN_API_KEY", "SECRETS_KEY");
        String text = Chart.render(Chart.values("everything"), command -> command);
        assertThat(text.split("an-admin-key-for-tests", -1))
                .as("places of the admin key")
                .hasSize(2);
        assertThat(text.split("pass.{1,2}word", -1))
                .as("places of the password")
                .hasSize(2);

        assertThat(secretsOf("everything"))
                .isEqualTo(Map.of(
                        "DATABASE_USERNAME", "gateway",
                        "DATABASE_PASSWORD", "gateway",
                        "ADMIN_API_KEY", "gateway",
                        "SECRETS_KEY", "gateway"));
        assertThat(secretsOf("existing-secrets"))
                .isEqualTo(Map.of(
                        "DATABASE_URL", "database",
                        "DATABASE_USERNAME", "database",
                        "DATABASE_PASSWORD", "database",
                        "ADMIN_API_KEY", "keys",
                        "SECRETS_KEY", "keys"));
    }

    @Test
    void theImageIsThatOfTheVariant() {
        assertThat(container("minimal").getImage()).isEqualTo("silkroute:0.1.0");
        assertThat(env(container("minimal"))).containsKey("JDK_JAVA_OPTIONS");
        assertThat(container("native").getImage()).isEqualTo("registry.example.com/silkroute:1.2.3-native");
        assertThat(env(container("native"))).doesNotContainKey("JDK_JAVA_OPTIONS");
        assertThat(container("everything").getImage()).startsWith("silkroute@sha256:");
    }

    @Test
    void aChangeOfSettingsOrKeysChangesThePodsAndNothingElseDoes() {
        String before = checksums(command -> command);

        assertThat(checksums(command -> command.set("settings.RETRY_MAX_ATTEMPTS", 5)))
                .isNotEqualTo(before);
        assertThat(checksums(command -> command.set("database.password", "another")))
                .isNotEqualTo(before);
        assertThat(checksums(command -> command.set("keys.adminApiKey", "another-admin-key")))
                .isNotEqualTo(before);
        assertThat(checksums(command -> command.set("replicaCount", 7))).isEqualTo(before);
    }

    @Test
    void theServiceFindsThePods() {
        List<HasMetadata> objects = Chart.objects("minimal");
        Map<String, String> selector =
                Chart.only(objects, Service.class).getSpec().getSelector();

        assertThat(selector).containsEntry("app.kubernetes.io/name", "silkroute");
        assertThat(Chart.only(objects, Deployment.class)
                        .getSpec()
                        .getTemplate()
                        .getMetadata()
                        .getLabels())
                .containsAllEntriesOf(selector);
    }

    @Test
    void nothingLeavesForCloudMetadata() {
        var egress = Chart.only(Chart.objects("everything"), NetworkPolicy.class)
                .getSpec()
                .getEgress();

        assertThat(egress).hasSize(3);
        assertThat(egress.get(1).getPorts())
                .extracting(port -> port.getPort().getIntVal())
                .containsExactly(5432);
        assertThat(egress.get(2).getPorts())
                .extracting(port -> port.getPort().getIntVal())
                .containsExactly(443, 11434);
        assertThat(egress.get(2).getTo().get(0).getIpBlock().getExcept()).containsExactly("169.254.0.0/16");
    }

    @Test
    void alertRulesAndTheDashboardAreThoseOfTheirFiles() throws IOException {
        List<HasMetadata> objects = Chart.objects("everything");
        JsonNode rules = Chart.YAML.readTree(Files.readString(Chart.FOLDER.resolve("files/alerts.yaml")));
        assertThat(Chart.only(objects, PrometheusRule.class)
                        .getSpec()
                        .getGroups()
                        .get(0)
                        .getRules())
                .hasSize(rules.get("groups").get(0).get("rules").size());

        ConfigMap dashboard = objects.stream()
                .filter(ConfigMap.class::isInstance)
                .map(ConfigMap.class::cast)
                .filter(map -> map.getMetadata().getName().endsWith("-dashboard"))
                .findFirst()
                .orElseThrow();
        ObjectMapper json = new ObjectMapper();
        assertThat(json.readTree(dashboard.getData().get("silkroute.json")))
                .isEqualTo(json.readTree(
                        Chart.FOLDER.resolve("files/dashboard.json").toFile()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "settings.RETRY_MAX_ATTEMPTS | 0            | RETRY_MAX_ATTEMPTS | minimum",
                "settings.RETRY_MAX_ATTEMPTS | many         | RETRY_MAX_ATTEMPTS | integer",
                "settings.CB_FAILURE_RATE    | 1.5          | CB_FAILURE_RATE    | pattern",
                "settings.CB_FAILURE_RATE    | 2            | CB_FAILURE_RATE    | maximum",
                "settings.RETRY_AFTER_SEND   | sometimes    | RETRY_AFTER_SEND   | one of",
                "settings.RETRY_MAX_ATEMPTS  | 3            | RETRY_MAX_ATEMPTS  | not allowed",
                "image.variant               | graal        | variant            | one of",
                "database.url                | mysql://h/d  | url                | pattern",
                "keys.adminApiKey            | short        | adminApiKey        | pattern",
                "keys.secretsKey             | short        | secretsKey         | pattern",
                "service.port                | 0            | port               | minimum",
                "replicas                    | 3            | replicas           | not allowed",
            })
    void aValueThatCannotBeUsedIsRefusedByItsName(String name, String value, String place, String why) {
        assertThatThrownBy(() -> Chart.render(Chart.values("minimal"), command -> command.set(name, value)))
                .hasMessageContaining(place)
                .hasMessageContaining(why);
    }

    @ParameterizedTest
    @CsvSource({
        "database.url, database.url: not set (expected: postgresql://host:5432/db",
        "database.username, database.username: not set (expected: the user of the database",
        "database.password, database.password: not set",
        "keys.adminApiKey, keys.adminApiKey: not set (expected: at least 16 characters",
        "keys.secretsKey, keys.secretsKey: not set (expected: 32 bytes in base64",
    })
    void whatIsNeededAndMissingIsAskedFor(String name, String line) {
        assertThatThrownBy(() -> Chart.render(Chart.values("minimal"), command -> command.set(name, "")))
                .hasMessageContaining(line);
    }

    @Test
    void theReadmeHasEveryValueAndItsDefault() throws IOException {
        Pattern row = Pattern.compile("^\\| `([^`]+)` \\| `?([^|`]*)`? ?\\|", Pattern.MULTILINE);
        Matcher rows = row.matcher(Files.readString(Chart.FOLDER.resolve("README.md")));
        List<String> documented = new ArrayList<>();
        while (rows.find()) {
            documented.add(rows.group(1) + " = " + rows.group(2).strip());
        }
        List<String> actual = new ArrayList<>();
        flatten("", Chart.YAML.readTree(Files.readString(Chart.FOLDER.resolve("values.yaml"))), actual);

        assertThat(documented).containsExactlyInAnyOrderElementsOf(actual);
    }

    private static void flatten(String prefix, JsonNode node, List<String> into) {
        node.properties().forEach(entry -> {
            JsonNode value = entry.getValue();
            if (value.isObject() && !value.isEmpty()) {
                flatten(prefix + entry.getKey() + '.', value, into);
            } else {
                into.add(prefix + entry.getKey() + " = " + (value.isTextual() ? value.asText() : value.toString()));
            }
        });
    }

    private static List<HasMetadata> configMaps(String values) {
        return Chart.objects(values).stream()
                .filter(object -> !object.getMetadata().getName().endsWith("-dashboard"))
                .toList();
    }

    private static PodSpec podOf(String values) {
        return Chart.only(Chart.objects(values), Deployment.class)
                .getSpec()
                .getTemplate()
                .getSpec();
    }

    private static Container container(String values) {
        return podOf(values).getContainers().get(0);
    }

    private static Map<String, EnvVar> env(Container container) {
        return container.getEnv().stream().collect(Collectors.toMap(EnvVar::getName, Function.identity()));
    }

    private static Map<String, String> secretsOf(String values) {
        return container(values).getEnv().stream()
                .filter(variable -> variable.getValueFrom() != null
                        && variable.getValueFrom().getSecretKeyRef() != null)
                .collect(Collectors.toMap(
                        EnvVar::getName,
                        variable -> variable.getValueFrom().getSecretKeyRef().getName()));
    }

    private static String checksums(UnaryOperator<TemplateCommand> change) {
        return Chart.only(Chart.objects(Chart.values("minimal"), change), Deployment.class)
                .getSpec()
                .getTemplate()
                .getMetadata()
                .getAnnotations()
                .toString();
    }
}
