package io.silkroute.deploy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The chart, rendered by Helm and read by the models of Kubernetes, to which an unknown field is an error. */
final class Chart {

    static final Path FOLDER = Path.of("helm", "silkroute");

    private static final String KUBERNETES = "1.34.0";

    static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private static final Map<String, Class<? extends HasMetadata>> KINDS = Stream.of(
                    ConfigMap.class,
                    Deployment.class,
                    HorizontalPodAutoscaler.class,
                    Ingress.class,
                    NetworkPolicy.class,
                    Pod.class,
                    PodDisruptionBudget.class,
                    PrometheusRule.class,
                    Secret.class,
                    Service.class,
                    ServiceAccount.class,
                    ServiceMonitor.class)
            .collect(Collectors.toMap(Class::getSimpleName, kind -> kind));

    /** The models keep fields they do not know; without that, Jackson refuses them. */
    private static final ObjectMapper STRICT = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .setAnnotationIntrospector(new JacksonAnnotationIntrospector() {
                private static final long serialVersionUID = 1L;

                @Override
                public Boolean hasAnySetter(Annotated annotated) {
                    return Boolean.FALSE;
                }
            });

    private Chart() {}

    static Path values(String name) {
        return Path.of("src", "test", "resources", "chart", name + ".yaml");
    }

    /** The chart as text, for a release {@code silkroute} in a namespace {@code gateways}. */
    static String render(Path values, UnaryOperator<TemplateCommand> more) {
        return render(FOLDER, values, more);
    }

    private static String render(Path chart, Path values, UnaryOperator<TemplateCommand> more) {
        return more.apply(new Helm(chart)
                        .template()
                        .withName("silkroute")
                        .withNamespace("gateways")
                        .withKubeVersion(KUBERNETES)
                        .withValuesFile(values))
                .call();
    }

    static List<HasMetadata> objects(String values) {
        return read(render(values(values), command -> command));
    }

    static List<HasMetadata> objects(Path values, UnaryOperator<TemplateCommand> more) {
        return read(render(values, more));
    }

    /** Every object of a stream of documents, each read strictly by the model of its kind. */
    private static List<HasMetadata> read(String yaml) {
        List<HasMetadata> objects = new ArrayList<>();
        try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(yaml)) {
            while (documents.hasNext()) {
                JsonNode document = documents.next();
                if (!document.isNull()) {
                    Class<? extends HasMetadata> kind =
                            KINDS.get(document.path("kind").asText());
                    HasMetadata object = STRICT.treeToValue(document, kind);
                    if (!object.getApiVersion().equals(HasMetadata.getApiVersion(kind))) {
                        throw new AssertionError(object.getKind() + " of " + object.getApiVersion());
                    }
                    objects.add(object);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return objects;
    }

    /** The pod of {@code helm test}: Helm shows a hook to nobody but the cluster, so this is the chart with it as a plain object. */
    static Pod test(Path scratch) {
        edit(scratch, "templates/tests/ready.yaml", text -> text.replace("helm.sh/hook: test", "hook: test"));
        String rendered = render(scratch, values("minimal"), command -> command);
        return only(read(rendered.replace("hook: test", "helm.sh/hook: test")), Pod.class);
    }

    /** What {@code helm install} says at its end: likewise shown to nobody else, so this is the chart with it in an object. */
    static String notes(Path scratch, UnaryOperator<TemplateCommand> more) {
        String wrap = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: notes\ndata:\n  text: |-\n";
        edit(scratch, "templates/NOTES.txt", text -> wrap + text.indent(4));
        move(scratch.resolve("templates/NOTES.txt"), scratch.resolve("templates/notes.yaml"));
        return read(render(scratch, values("minimal"), more)).stream()
                .filter(object -> object.getMetadata().getName().equals("notes"))
                .map(notes -> ((ConfigMap) notes).getData().get("text"))
                .findFirst()
                .orElseThrow();
    }

    /** A copy of the chart, with one file changed. */
    private static void edit(Path scratch, String name, UnaryOperator<String> change) {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = scratch.resolve(FOLDER.relativize(file).toString());
                String text = Files.readString(file);
                Files.createDirectories(copy.getParent());
                Files.writeString(copy, file.endsWith(name) ? change.apply(text) : text);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void move(Path from, Path to) {
        try {
            Files.move(from, to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static <T extends HasMetadata> T only(List<HasMetadata> objects, Class<T> kind) {
        List<T> found =
                objects.stream().filter(kind::isInstance).map(kind::cast).toList();
        if (found.size() != 1) {
            throw new AssertionError(found.size() + " of " + kind.getSimpleName());
        }
        return found.get(0);
    }
}
