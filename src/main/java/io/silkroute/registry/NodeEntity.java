package io.silkroute.registry;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** A row of {@code node}; its key is encrypted. */
@Entity
@Table(name = "node")
class NodeEntity extends PanacheEntityBase {

    @Id
    public String id;

    @Column(name = "account_id")
    public String accountId;

    public String name;

    @Column(name = "base_url")
    public String baseUrl;

    public int weight;

    @Column(name = "traffic_weight")
    public int trafficWeight;

    @Column(name = "auth_scheme")
    public String authScheme;

    @Column(name = "api_key")
    public byte[] apiKey;

    @Column(name = "max_concurrency")
    public Integer maxConcurrency;

    public boolean disabled;

    @Column(name = "created_at")
    public Instant createdAt;

    @Column(name = "updated_at")
    public Instant updatedAt;
}
