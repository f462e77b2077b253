package io.silkroute.app;

import io.quarkus.arc.All;
import io.silkroute.admin.AdminKey;
import io.silkroute.failover.RequestQueue;
import io.silkroute.failover.RetrySettings;
import io.silkroute.ingress.IngressSettings;
import io.silkroute.kernel.Ticker;
import io.silkroute.registry.SecretBox;
import io.silkroute.routing.Routing;
import io.silkroute.switchover.ActivationStore;
import io.silkroute.switchover.ProbeTurns;
import io.silkroute.switchover.Switchover;
import io.silkroute.switchover.SwitchoverListener;
import io.silkroute.upstream.BodyMemory;
import io.silkroute.upstream.NodeProber;
import io.silkroute.upstream.VertxNodeProber;
import io.silkroute.upstream.VertxUpstreamClient;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;

/** Hands the rooms what they are made of, so that none of them knows where settings come from. */
final class Beans {

    @Produces
    @Singleton
    SettingReader reader(Config config) {
        // Raw, as the environment has it: converted, an empty value would be none.
        return new SettingReader(
                name -> Optional.ofNullable(config.getConfigValue(name).getRawValue()));
    }

    @Produces
    @Singleton
    Settings settings(SettingReader reader) {
        return Settings.read(reader);
    }

    @Produces
    @Singleton
    Secrets secrets(SettingReader reader) {
        return Secrets.read(reader);
    }

    @Produces
    @Singleton
    Ticker ticker() {
        return Ticker.system();
    }

    @Produces
    @Singleton
    Clock clock() {
        return Clock.systemUTC();
    }

    @Produces
    @Singleton
    Routing routing(Settings settings, Ticker ticker, Clock clock) {
        return new Routing(settings.breaker(), settings.trafficShaper(), ticker, clock);
    }

    @Produces
    @Singleton
    VertxUpstreamClient upstream(Vertx vertx, Settings settings, Ticker ticker) {
        return new VertxUpstreamClient(vertx, settings.upstream(), ticker);
    }

    @Produces
    @Singleton
    NodeProber prober(Vertx vertx, VertxUpstreamClient client, Settings settings, Ticker ticker) {
        return new VertxNodeProber(vertx, client, settings.warmupPath(), ticker);
    }

    @Produces
    @Singleton
    Switchover switchover(
            Settings settings,
            NodeProber prober,
            ProbeTurns turns,
            ActivationStore store,
            Vertx vertx,
            Ticker ticker,
            @All List<SwitchoverListener> listeners) {
        return new Switchover(
                settings.switchover(),
                prober,
                turns,
                store,
                new VertxScheduler(vertx),
                ticker,
                SwitchoverListener.all(listeners));
    }

    @Produces
    @Singleton
    RequestQueue queue(Settings settings, Routing routing, Vertx vertx, Ticker ticker) {
        return new RequestQueue(settings.queue(), routing, new VertxScheduler(vertx), ticker, () -> {
            Context here = vertx.getOrCreateContext();
            return task -> here.runOnContext(v -> task.run());
        });
    }

    @Produces
    @Singleton
    RetrySettings retry(Settings settings) {
        return settings.retry();
    }

    @Produces
    @Singleton
    IngressSettings ingress(Settings settings) {
        return settings.ingress();
    }

    @Produces
    @Singleton
    BodyMemory bodyMemory(Settings settings) {
        return new BodyMemory(settings.replayMaxBody(), settings.assuredMaxBody(), settings.replayMaxTotal());
    }

    @Produces
    @Singleton
    AdminKey adminKey(Secrets secrets) {
        return new AdminKey(secrets.adminKey());
    }

    @Produces
    @Singleton
    SecretBox secretBox(Secrets secrets) {
        return new SecretBox(secrets.secretsKey());
    }
}
