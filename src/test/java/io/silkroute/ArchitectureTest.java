package io.silkroute;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import java.io.Closeable;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.Executor;

/** The order of the rooms: imports point downwards only, and peers do not know each other. */
@AnalyzeClasses(packages = "io.silkroute", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule rooms = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("kernel")
            .definedBy("io.silkroute.kernel..")
            .layer("breaker")
            .definedBy("io.silkroute.breaker..")
            .layer("traffic")
            .definedBy("io.silkroute.traffic..")
            .layer("stream")
            .definedBy("io.silkroute.stream..")
            .layer("routing")
            .definedBy("io.silkroute.routing..")
            .layer("upstream")
            .definedBy("io.silkroute.upstream..")
            .layer("failover")
            .definedBy("io.silkroute.failover..")
            .layer("switchover")
            .definedBy("io.silkroute.switchover..")
            .layer("ingress")
            .definedBy("io.silkroute.ingress..")
            .layer("registry")
            .definedBy("io.silkroute.registry..")
            .layer("admin")
            .definedBy("io.silkroute.admin..")
            .layer("observe")
            .definedBy("io.silkroute.observe..")
            .layer("app")
            .definedBy("io.silkroute.app..")
            .whereLayer("app")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("admin")
            .mayOnlyBeAccessedByLayers("app")
            .whereLayer("observe")
            .mayOnlyBeAccessedByLayers("admin", "app")
            .whereLayer("registry")
            .mayOnlyBeAccessedByLayers("observe", "admin", "app")
            .whereLayer("switchover")
            .mayOnlyBeAccessedByLayers("registry", "observe", "admin", "app")
            .whereLayer("ingress")
            .mayOnlyBeAccessedByLayers("observe", "app")
            .whereLayer("failover")
            .mayOnlyBeAccessedByLayers("ingress", "observe", "admin", "app")
            .whereLayer("upstream")
            .mayOnlyBeAccessedByLayers("failover", "switchover", "ingress", "observe", "admin", "app")
            .whereLayer("stream")
            .mayOnlyBeAccessedByLayers("upstream", "failover", "ingress", "app")
            .whereLayer("routing")
            .mayOnlyBeAccessedByLayers(
                    "upstream", "failover", "switchover", "ingress", "registry", "observe", "admin", "app")
            .whereLayer("traffic")
            .mayOnlyBeAccessedByLayers("routing", "failover", "switchover", "observe", "app")
            .whereLayer("breaker")
            .mayOnlyBeAccessedByLayers("routing", "switchover", "registry", "observe", "app");

    @ArchTest
    static final ArchRule everyClassHasARoom = classes()
            .should()
            .resideInAnyPackage(
                    "io.silkroute.kernel..",
                    "io.silkroute.breaker..",
                    "io.silkroute.traffic..",
                    "io.silkroute.stream..",
                    "io.silkroute.routing..",
                    "io.silkroute.upstream..",
                    "io.silkroute.failover..",
                    "io.silkroute.switchover..",
                    "io.silkroute.ingress..",
                    "io.silkroute.registry..",
                    "io.silkroute.admin..",
                    "io.silkroute.observe..",
                    "io.silkroute.app..");

    @ArchTest
    static final ArchRule noCycles =
            slices().matching("io.silkroute.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule theDataPlaneKnowsNoDatabase = noClasses()
            .that()
            .resideOutsideOfPackages("io.silkroute.registry..", "io.silkroute.app..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "jakarta.persistence..", "org.hibernate..", "io.quarkus.hibernate..", "io.vertx.pgclient..");

    @ArchTest
    static final ArchRule theLowestRoomsKnowNoFramework = classes()
            .that()
            .resideInAnyPackage(
                    "io.silkroute.kernel..",
                    "io.silkroute.breaker..",
                    "io.silkroute.traffic..",
                    "io.silkroute.routing..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "io.silkroute..");

    @ArchTest
    static final ArchRule entitiesStayInTheirRoom =
            classes().that().areAssignableTo(PanacheEntityBase.class).should().bePackagePrivate();

    @ArchTest
    static final ArchRule timeComesThroughTheTicker = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("io.silkroute.kernel.Ticker")
            .should()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis");

    /** A native image has its classes initialised while it is built: what they hold is the same in every process from then on. */
    @ArchTest
    static final ArchRule nothingOfAProcessIsMadeWithItsClass = noFields()
            .that()
            .areStatic()
            .should()
            .haveRawType(assignableTo(Random.class)
                    .or(assignableTo(Thread.class))
                    .or(assignableTo(Executor.class))
                    .or(assignableTo(Closeable.class))
                    .or(assignableTo(Instant.class)));
}
