package io.silkroute.registry;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** A row of {@code account}. Fields are public as Panache has it; nothing outside this package sees an entity. */
@Entity
@Table(name = "account")
class AccountEntity extends PanacheEntityBase {

    @Id
    public String id;

    public String name;

    @Column(name = "key_hash")
    public byte[] keyHash;

    @Column(name = "active_node_id")
    public String activeNodeId;

    @Column(name = "active_by_operator")
    public boolean activeByOperator;

    @Column(name = "active_version")
    public long activeVersion;

    @Column(name = "created_at")
    public Instant createdAt;

    @Column(name = "updated_at")
    public Instant updatedAt;
}
